import { field } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { address, industries, ownedRecord } from './shared.ts';

/** Companies. Fresh on each call. */
export const account = (): ObjectType =>
  new ObjectType('Account', {
    keyPrefix: '001',
    fields: [
      ...ownedRecord('Account'),
      field('Name', 'string', { label: 'Account Name', nillable: false, nameField: true }),
      field('Phone', 'phone', { length: 40 }),
      field('Website', 'url'),
      field('Industry', 'picklist', { picklist: industries }),
      field('AnnualRevenue', 'currency', { precision: 18 }),
      field('NumberOfEmployees', 'int', { precision: 8, label: 'Employees' }),
      field('Description', 'textarea', { length: 32_000 }),
      ...address('Billing'),
    ],
  });
