/** The segment of the story, as a person defines it in HubSpot: whoever is a customer. */
export const customers = {
  name: 'Customers',
  filterBranch: {
    filterBranchType: 'OR',
    filters: [],
    filterBranches: [
      {
        filterBranchType: 'AND',
        filterBranches: [],
        filters: [
          {
            filterType: 'PROPERTY',
            property: 'lifecyclestage',
            operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['customer'] },
          },
        ],
      },
    ],
  },
} as const;

/** Salesforce's field that carries the id of the HubSpot record. */
export const keyField = 'Tandem_HubSpot_Id__c';

/** The settings of the story. It polls more often than the defaults, so that nobody waits long. */
export const demoSettings = `version: 1
keys: { hubspot: tandem_salesforce_id, salesforce: ${keyField} }
objects:
  contacts:
    salesforce:
      types: [Contact, Lead]
      create: [{ type: Contact }]
    match: [{ hubspot: email, salesforce: Email }]
    segments: { include: [${customers.name}] }
    fields:
      - { hubspot: email, salesforce: Email, rule: twoWay }
      - { hubspot: firstname, salesforce: FirstName, rule: twoWay }
      - { hubspot: lastname, salesforce: LastName, rule: twoWay }
      - { hubspot: jobtitle, salesforce: Title, rule: twoWay }
      - { hubspot: phone, salesforce: Phone, rule: preferSalesforce }
polling: { hubspot: 2s, salesforce: 2s }
`;

/** How long HubSpot takes after the story: long enough for a person to see a record wait. */
export const evaluationDelayMs = 10_000;
