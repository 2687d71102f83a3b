import { z } from 'zod';
import type { Account } from './account.ts';
import type { StoredRecord } from './record.ts';
import { recordNotFound } from './refusal.ts';

/** How a call names an association type. */
export const spec = z.object({ associationCategory: z.string(), associationTypeId: z.int() });

/** Associations of a record that is created. */
export const newAssociations = z.array(z.object({ to: z.object({ id: z.string() }), types: z.array(spec).min(1) }));

/** Checks what a new record is to be associated with, and answers what to do when it is there. */
export function associating(
  account: Account,
  typeId: string,
  wanted: z.output<typeof newAssociations>,
): (record: StoredRecord) => void {
  const { associations } = account;
  const found = wanted.map(({ to, types }) => {
    const named = types.map((type) =>
      associations.types.from(typeId, type.associationCategory, type.associationTypeId),
    );
    const toTypeId = named[0]?.to ?? '';
    const other = account.recordsOf(toTypeId).live(to.id);
    if (!other) throw recordNotFound(to.id); // our choice
    return { to: { typeId: toTypeId, id: other.id }, named };
  });
  return ({ id }) => {
    for (const { to, named } of found) associations.associate({ typeId, id }, to, named, account.apiSource);
  };
}

/** What a record belongs to, as reads show it where they are asked for `associations`. */
export function associatedJson(
  account: Account,
  record: StoredRecord,
  asked: readonly string[],
): Record<string, unknown> {
  const from = { typeId: record.type.typeId, id: record.id };
  const entries = asked.flatMap((name) => {
    const { type } = account.recordsOf(name);
    const links = account.associations.of(from, type.typeId).filter(({ to }) => account.recordsOf(name).live(to.id));
    const kind = `${record.type.singular}_to_${type.singular}`.toLowerCase();
    const results = links.flatMap(({ to, types }) =>
      types.map(({ label }) => ({ id: to.id, type: label === null ? kind : `${kind}_${label.toLowerCase()}` })),
    );
    return results.length > 0 ? [[type.name, { results }] as const] : [];
  });
  return entries.length > 0 ? { associations: Object.fromEntries(entries) } : {};
}
