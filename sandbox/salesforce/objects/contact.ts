import { field, lookup } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { address, ownedRecord, person } from './shared.ts';

/** People who belong to an account. Fresh on each call. */
export const contact = (): ObjectType =>
  new ObjectType('Contact', {
    keyPrefix: '003',
    fields: [
      ...ownedRecord('Contact'),
      lookup('AccountId', ['Account'], 'Account'),
      ...person,
      field('Department', 'string', { length: 80 }),
      field('Birthdate', 'date'),
      ...address('Mailing'),
    ],
  });
