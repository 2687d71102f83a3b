import { field, formula, lookup } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { ownedRecord } from './shared.ts';

/** What customers ask for help with; a queue may own one. Named `supportCase`, as `case` is no name. Fresh on each call. */
export const supportCase = (): ObjectType =>
  new ObjectType('Case', {
    keyPrefix: '500',
    fields: [
      ...ownedRecord('Case', ['Group', 'User']),
      field('CaseNumber', 'string', { length: 30, autoNumber: 8, nillable: false, nameField: true }),
      lookup('ContactId', ['Contact'], 'Contact'),
      lookup('AccountId', ['Account'], 'Account'),
      field('Subject', 'string'),
      field('Description', 'textarea', { length: 32_000 }),
      field('Status', 'picklist', {
        nillable: false,
        defaultValue: 'New',
        restricted: true,
        picklist: ['New', 'Working', 'Escalated', 'Closed'],
      }),
      field('Priority', 'picklist', { defaultValue: 'Medium', picklist: ['High', 'Medium', 'Low'] }),
      field('Origin', 'picklist', { picklist: ['Phone', 'Email', 'Web'] }),
      field('Type', 'picklist', { picklist: ['Question', 'Problem', 'Feature Request'] }),
      field('SuppliedEmail', 'email', { length: 80 }),
      formula('IsClosed', 'boolean', '', ({ Status }) => Status === 'Closed', { nillable: false }),
    ],
  });
