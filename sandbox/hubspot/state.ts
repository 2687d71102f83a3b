import type { Account } from './account.ts';
import type { AssociationsState } from './associations.ts';
import type { ListsState } from './lists.ts';
import type { Owner } from './owners.ts';
import type { PropertiesState } from './properties.ts';
import type { RecordsState } from './records.ts';
import type { Schema } from './schemas.ts';

/** All that is in an account, as plain JSON; its clock, limits, faults and traffic are no part of it. */
export interface AccountState {
  readonly version: 1;
  readonly owners: readonly Owner[];
  readonly schemas: readonly Schema[];
  readonly types: Readonly<Record<string, { readonly properties: PropertiesState; readonly records: RecordsState }>>;
  readonly associations: AssociationsState;
  readonly lists: ListsState;
}

export function dumpAccount(account: Account): AccountState {
  const types = account.types.map(({ typeId }) => {
    const records = account.recordsOf(typeId);
    return [typeId, { properties: records.properties.dump(), records: records.dump() }] as const;
  });
  return {
    version: 1,
    owners: account.owners,
    schemas: account.schemas,
    types: Object.fromEntries(types),
    associations: account.associations.dump(),
    lists: account.lists.dump(),
  };
}

/** Puts an account into a state that was dumped. Custom objects that it has beside those of the state stay, empty. */
export function loadAccount(account: Account, state: AccountState): void {
  account.evaluation.stop();
  account.owners = state.owners;
  for (const schema of state.schemas) if (!account.find(schema.typeId)) account.addType(schema);
  for (const { typeId } of account.types) {
    const records = account.recordsOf(typeId);
    const dumped = state.types[typeId];
    if (dumped) records.properties.load(dumped.properties);
    records.load(dumped?.records ?? { nextId: records.dump().nextId, absorbed: [], records: [] });
  }
  account.associations.load(state.associations);
  account.lists.load(state.lists);
}
