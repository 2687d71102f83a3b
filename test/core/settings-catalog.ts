import type { Catalog, CatalogField, CatalogProperty } from '../../core/settings/catalog.ts';

export const property = (changes: Partial<CatalogProperty> = {}): CatalogProperty => ({
  type: 'string',
  fieldType: 'text',
  readOnly: false,
  calculated: false,
  unique: false,
  options: [],
  ...changes,
});

export const field = (changes: Partial<CatalogField> = {}): CatalogField => ({
  type: 'string',
  createable: true,
  updateable: true,
  calculated: false,
  unique: false,
  externalId: false,
  picklist: [],
  restricted: false,
  ...changes,
});

const person = {
  Email: field({ type: 'email' }),
  FirstName: field(),
  LastName: field(),
  IsActive__c: field({ type: 'boolean' }),
  Score__c: field({ type: 'double', calculated: true, updateable: false }),
  Tandem_HubSpot_Id__c: field({ unique: true, externalId: true }),
};

/** Two small systems: what a HubSpot account and a Salesforce org might show of their people. */
export const catalog: Catalog = {
  hubspot: {
    contacts: {
      email: property(),
      firstname: property(),
      lastname: property(),
      lifecyclestage: property({ type: 'enumeration', fieldType: 'radio', options: ['lead', 'customer'] }),
      hs_lead_status: property({ type: 'enumeration', fieldType: 'radio', options: ['NEW', 'OPEN'] }),
      score: property({ type: 'number', calculated: true }),
      createdate: property({ type: 'datetime', readOnly: true }),
      tandem_salesforce_id: property({ unique: true }),
    },
  },
  salesforce: {
    Contact: person,
    Lead: {
      ...person,
      Status: field({ type: 'picklist', picklist: ['Open', 'Working'], restricted: true }),
      CreatedDate: field({ type: 'datetime', createable: false, updateable: false }),
    },
  },
  segments: [
    { id: '42', name: 'Customers', objectTypeId: '0-1', processingType: 'DYNAMIC' },
    { id: '43', name: 'Fair visitors', objectTypeId: '0-1', processingType: 'MANUAL' },
    { id: '44', name: 'Snapshot of May', objectTypeId: '0-1', processingType: 'SNAPSHOT' },
    { id: '45', name: 'Large companies', objectTypeId: '0-2', processingType: 'DYNAMIC' },
    { id: '46', name: 'Twice', objectTypeId: '0-1', processingType: 'DYNAMIC' },
    { id: '47', name: 'twice', objectTypeId: '0-1', processingType: 'DYNAMIC' },
  ],
};
