import { field, lookup, readOnly } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { address, industries, ownedRecord, person } from './shared.ts';

const leadStatuses = ['Open', 'Working', 'Qualified', 'Unqualified', 'Closed - Converted', 'Closed - Not Converted'];

/** People whom nobody has qualified; a queue may own one. Fresh on each call. */
export const lead = (): ObjectType =>
  new ObjectType('Lead', {
    keyPrefix: '00Q',
    fields: [
      ...ownedRecord('Lead', ['Group', 'User']),
      ...person,
      field('Company', 'string', { nillable: false }),
      field('Website', 'url'),
      field('Industry', 'picklist', { picklist: industries }),
      field('Status', 'picklist', {
        label: 'Lead Status',
        nillable: false,
        defaultValue: 'Open',
        restricted: true,
        picklist: leadStatuses,
      }),
      field('Rating', 'picklist', { picklist: ['Hot', 'Warm', 'Cold'] }),
      field('AnnualRevenue', 'currency', { precision: 18 }),
      field('NumberOfEmployees', 'int', { precision: 8, label: 'Employees' }),
      ...address(''),
      field('IsConverted', 'boolean', { ...readOnly }),
      field('ConvertedDate', 'date', { ...readOnly }),
      lookup('ConvertedAccountId', ['Account'], 'ConvertedAccount', { ...readOnly }),
      lookup('ConvertedContactId', ['Contact'], 'ConvertedContact', { ...readOnly }),
      lookup('ConvertedOpportunityId', ['Opportunity'], 'ConvertedOpportunity', { ...readOnly }),
    ],
  });
