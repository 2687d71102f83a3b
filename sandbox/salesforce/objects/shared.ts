import { type Field, type FieldValue, field, formula, lookup, readOnly, type Values } from '../fields.ts';

export const joined = (...parts: readonly (FieldValue | undefined)[]): string | null =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(' ') || null;

export const fullName = (values: Values): string | null => joined(values.FirstName, values.LastName);

export const stamps: readonly Field[] = [
  field('CreatedDate', 'datetime', { ...readOnly, nillable: false }),
  lookup('CreatedById', ['User'], 'CreatedBy', { ...readOnly, nillable: false }),
  field('LastModifiedDate', 'datetime', { ...readOnly, nillable: false }),
  lookup('LastModifiedById', ['User'], 'LastModifiedBy', { ...readOnly, nillable: false }),
  field('SystemModstamp', 'datetime', { ...readOnly, nillable: false }),
];

export const id = field('Id', 'id', { ...readOnly, nillable: false, idLookup: true });

/** What every object has that people own, delete and merge. */
export const ownedRecord = (object: string, owners: readonly string[] = ['User']): Field[] => [
  id,
  field('IsDeleted', 'boolean', { ...readOnly }),
  lookup('MasterRecordId', [object], 'MasterRecord', { ...readOnly }),
  lookup('OwnerId', owners, 'Owner', { nillable: false }),
  ...stamps,
];

export const address = (prefix: string): Field[] => [
  field(`${prefix}Street`, 'textarea', { length: 255 }),
  field(`${prefix}City`, 'string', { length: 40 }),
  field(`${prefix}State`, 'string', { length: 80 }),
  field(`${prefix}PostalCode`, 'string', { length: 20 }),
  field(`${prefix}Country`, 'string', { length: 80 }),
];

export const industries = [
  'Agriculture',
  'Banking',
  'Consulting',
  'Education',
  'Energy',
  'Healthcare',
  'Manufacturing',
  'Retail',
  'Technology',
  'Other',
];
export const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Test', 'Other'];
const interests = ['Analytics', 'Automation', 'Events', 'Support'];

export const person: readonly Field[] = [
  field('Salutation', 'picklist', { length: 40, picklist: ['Mr.', 'Ms.', 'Mrs.', 'Dr.', 'Prof.', 'Mx.'] }),
  field('FirstName', 'string', { length: 40 }),
  field('LastName', 'string', { length: 80, nillable: false }),
  formula('Name', 'string', '', fullName, { label: 'Full Name', length: 121, nameField: true }),
  field('Email', 'email', { length: 80, idLookup: true }),
  field('Phone', 'phone', { length: 40 }),
  field('MobilePhone', 'phone', { length: 40, label: 'Mobile Phone' }),
  field('Title', 'string', { length: 128 }),
  field('LeadSource', 'picklist', { picklist: leadSources }),
  field('Description', 'textarea', { length: 32_000 }),
  field('HasOptedOutOfEmail', 'boolean', { label: 'Email Opt Out' }),
  field('Interests__c', 'multipicklist', { picklist: interests, restricted: true }),
  field('Tier__c', 'picklist', { picklist: ['Bronze', 'Silver', 'Gold'], restricted: true }),
  field('Score__c', 'double', { precision: 8, scale: 2 }),
  field('Renewal_Date__c', 'date'),
  field('Last_Call__c', 'datetime'),
  formula(
    'Greeting__c',
    'string',
    "Salutation & ' ' & LastName",
    (values) => joined(values.Salutation, values.LastName),
    { length: 1300 },
  ),
];
