import { companies } from './companies.ts';
import { contacts } from './contacts.ts';
import { deals } from './deals.ts';
import type { ObjectType } from './object-type.ts';
import { tickets } from './tickets.ts';

export type { ObjectType } from './object-type.ts';

/** The kinds of record that every account has. Custom ones are added to an account by their schema. */
export const standardTypes: readonly ObjectType[] = [contacts, companies, deals, tickets];
