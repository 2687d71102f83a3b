/** Key prefixes of standard Salesforce types (the first three characters of an id). */
const prefixes: Readonly<Record<string, string>> = {
  '001': 'Account',
  '003': 'Contact',
  '00Q': 'Lead',
  '006': 'Opportunity',
  '500': 'Case',
};

/** The types among `types` that an id may belong to: one for standard types, all that are not standard otherwise. */
export function typesOfId(id: string, types: readonly string[]): string[] {
  const standard = prefixes[id.slice(0, 3)];
  if (standard !== undefined) return types.filter((type) => type === standard);
  const known = Object.values(prefixes);
  return types.filter((type) => !known.includes(type));
}
