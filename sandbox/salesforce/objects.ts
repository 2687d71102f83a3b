import { type Field, type FieldValue, field, formula, lookup, readOnly, type Values } from './fields.ts';

/** One type of record with its fields; names are found without regard to case, as Salesforce does. */
export class ObjectType {
  readonly name: string;
  readonly labelPlural: string;
  readonly keyPrefix: string;
  /** Whether API clients may create, change and delete records of it. */
  readonly writable: boolean;
  readonly #fields = new Map<string, Field>();
  readonly #hidden = new Set<string>();

  constructor(name: string, options: { keyPrefix: string; writable?: boolean; fields: readonly Field[] }) {
    this.name = name;
    this.labelPlural = `${name}s`;
    this.keyPrefix = options.keyPrefix;
    this.writable = options.writable ?? true;
    for (const each of options.fields) this.add(each);
  }

  add(added: Field): void {
    this.#fields.set(added.name.toLowerCase(), added);
  }

  /** A field that the integration user can see, or undefined. */
  field(name: string): Field | undefined {
    const key = name.toLowerCase();
    return this.#hidden.has(key) ? undefined : this.#fields.get(key);
  }

  /** Fields that the integration user can see, in the order of their making. */
  fields(): Field[] {
    return [...this.#fields].filter(([key]) => !this.#hidden.has(key)).map(([, each]) => each);
  }

  /** Every field, hidden or not. */
  allFields(): Field[] {
    return [...this.#fields.values()];
  }

  /** Takes a field out of sight by field-level security, or brings it back. */
  setHidden(name: string, hidden: boolean): void {
    if (hidden) this.#hidden.add(name.toLowerCase());
    else this.#hidden.delete(name.toLowerCase());
  }
}

const joined = (...parts: readonly (FieldValue | undefined)[]): string | null =>
  parts.filter((part) => part !== null && part !== undefined && part !== '').join(' ') || null;

const fullName = (values: Values): string | null => joined(values.FirstName, values.LastName);

const stamps: readonly Field[] = [
  field('CreatedDate', 'datetime', { ...readOnly, nillable: false }),
  lookup('CreatedById', ['User'], 'CreatedBy', { ...readOnly, nillable: false }),
  field('LastModifiedDate', 'datetime', { ...readOnly, nillable: false }),
  lookup('LastModifiedById', ['User'], 'LastModifiedBy', { ...readOnly, nillable: false }),
  field('SystemModstamp', 'datetime', { ...readOnly, nillable: false }),
];

const id = field('Id', 'id', { ...readOnly, nillable: false, idLookup: true });

/** What every object has that people own, delete and merge. */
const ownedRecord = (object: string): Field[] => [
  id,
  field('IsDeleted', 'boolean', { ...readOnly }),
  lookup('MasterRecordId', [object], 'MasterRecord', { ...readOnly }),
  lookup('OwnerId', ['User'], 'Owner', { nillable: false }),
  ...stamps,
];

const address = (prefix: string): Field[] => [
  field(`${prefix}Street`, 'textarea', { length: 255 }),
  field(`${prefix}City`, 'string', { length: 40 }),
  field(`${prefix}State`, 'string', { length: 80 }),
  field(`${prefix}PostalCode`, 'string', { length: 20 }),
  field(`${prefix}Country`, 'string', { length: 80 }),
];

const industries = [
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
const leadSources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List', 'Test', 'Other'];
const leadStatuses = ['Open', 'Working', 'Qualified', 'Unqualified', 'Closed - Converted', 'Closed - Not Converted'];
const interests = ['Analytics', 'Automation', 'Events', 'Support'];

const person: readonly Field[] = [
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

/** The objects of a new org: Lead, Contact, Account and, for owners, User. Fresh on each call. */
export function standardObjects(): ObjectType[] {
  return [
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
    }),
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
    }),
    new ObjectType('Lead', {
      keyPrefix: '00Q',
      fields: [
        ...ownedRecord('Lead'),
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
      ],
    }),
    new ObjectType('User', {
      keyPrefix: '005',
      writable: false,
      fields: [
        id,
        ...stamps,
        field('Username', 'string', { length: 80, nillable: false }),
        field('FirstName', 'string', { length: 40 }),
        field('LastName', 'string', { length: 80, nillable: false }),
        formula('Name', 'string', '', fullName, { label: 'Full Name', length: 121, nameField: true }),
        field('Email', 'email', { length: 128, nillable: false }),
        field('Alias', 'string', { length: 8, nillable: false }),
        field('IsActive', 'boolean', { defaultValue: true, label: 'Active' }),
      ],
    }),
  ];
}
