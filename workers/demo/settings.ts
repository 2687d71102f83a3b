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

/** How the contacts of the story sync. It polls more often than the defaults, so that nobody waits long. */
export const contactSettings = `version: 1
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

/** The schedule of the story. It is started by hand; its own time rarely comes while somebody watches. */
export const weekly = 'members-weekly';

/** The settings of the story. */
export const demoSettings = `${contactSettings}schedules:
  - { name: ${weekly}, resync: { object: contacts }, cron: '0 3 * * SUN', timezone: Europe/Berlin }
`;

/** How long HubSpot takes after the story: long enough for a person to see a record wait. */
export const evaluationDelayMs = 10_000;
