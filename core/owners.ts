/** Someone who may own records on one side: a person or a queue. */
export interface OwnerEntry {
  readonly id: string;
  readonly email: string | undefined;
  readonly name: string;
}

/** Whom each side knows: HubSpot's owners that are not deactivated, Salesforce's active users and its queues. */
export interface Owners {
  readonly hubspot: readonly OwnerEntry[];
  readonly salesforce: readonly OwnerEntry[];
}

/**
 * Pairs [HubSpot owner id, Salesforce id]: those that the table names (by id, email or name), and for all others the
 * same email, in any case. An owner stands in one pair at most; the table comes first.
 */
export function ownerPairs(owners: Owners, table: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  const taken = new Set<string>();
  const add = (hubspot: string, salesforce: string): void => {
    if (taken.has(hubspot)) return;
    taken.add(hubspot);
    pairs.push([hubspot, salesforce]);
  };
  for (const [from, to] of Object.entries(table)) {
    const [there, here] = [find(owners.hubspot, from), find(owners.salesforce, to)];
    if (there && here) add(there.id, here.id);
  }
  const byEmail = new Map(
    owners.salesforce.flatMap(({ id, email }) => (email ? [[email.toLowerCase(), id] as const] : [])),
  );
  for (const { id, email } of owners.hubspot) {
    const user = byEmail.get(email?.toLowerCase() ?? '');
    if (user) add(id, user);
  }
  return pairs;
}

/** Names of the table that lead to nobody, with the side on which they were looked for. */
export const unknownOwners = (
  owners: Owners,
  table: Readonly<Record<string, string>>,
): { readonly key: string; readonly name: string; readonly side: 'hubspot' | 'salesforce' }[] =>
  Object.entries(table).flatMap(([from, to]) => [
    ...(find(owners.hubspot, from) ? [] : [{ key: from, name: from, side: 'hubspot' as const }]),
    ...(find(owners.salesforce, to) ? [] : [{ key: from, name: to, side: 'salesforce' as const }]),
  ]);

function find(entries: readonly OwnerEntry[], name: string): OwnerEntry | undefined {
  const wanted = name.trim().toLowerCase();
  const is = (text: string | undefined): boolean => text?.toLowerCase() === wanted;
  return (
    entries.find(({ id }) => id === name.trim()) ??
    entries.find(({ email }) => is(email)) ??
    entries.find((entry) => is(entry.name))
  );
}
