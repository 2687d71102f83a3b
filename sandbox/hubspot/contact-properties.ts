import { options, type Property, property } from './property.ts';

const text = (name: string, label: string, more: Partial<Property> = {}) =>
  property({ name, label, type: 'string', fieldType: 'text', ...more });

/** What an account's people added themselves. */
const custom = (draft: Parameters<typeof property>[0]) => property({ ...draft, hubspotDefined: false });

const readOnly = { readOnly: true, formField: false } as const;

/** Lifecycle stages in the order in which a record may move. */
const lifecycleStages = options(
  ['subscriber', 'Subscriber'],
  ['lead', 'Lead'],
  ['marketingqualifiedlead', 'Marketing Qualified Lead'],
  ['salesqualifiedlead', 'Sales Qualified Lead'],
  ['opportunity', 'Opportunity'],
  ['customer', 'Customer'],
  ['evangelist', 'Evangelist'],
  ['other', 'Other'],
);

const leadStatuses = options(
  ['NEW', 'New'],
  ['OPEN', 'Open'],
  ['IN_PROGRESS', 'In Progress'],
  ['OPEN_DEAL', 'Open Deal'],
  ['UNQUALIFIED', 'Unqualified'],
  ['ATTEMPTED_TO_CONTACT', 'Attempted to Contact'],
  ['CONNECTED', 'Connected'],
  ['BAD_TIMING', 'Bad Timing'],
);

/** The contact properties that are commonly mapped, and the system ones that every answer shows. */
export const contactProperties: readonly Property[] = [
  text('email', 'Email'),
  text('firstname', 'First Name'),
  text('lastname', 'Last Name'),
  text('salutation', 'Salutation'),
  property({ name: 'phone', label: 'Phone Number', type: 'string', fieldType: 'phonenumber' }),
  property({ name: 'mobilephone', label: 'Mobile Phone Number', type: 'string', fieldType: 'phonenumber' }),
  text('fax', 'Fax Number'),
  text('company', 'Company Name'),
  text('jobtitle', 'Job Title'),
  text('website', 'Website URL'),
  text('address', 'Street Address'),
  text('city', 'City'),
  text('state', 'State/Region'),
  text('zip', 'Postal Code'),
  text('country', 'Country/Region'),
  text('industry', 'Industry'),
  property({ name: 'message', label: 'Message', type: 'string', fieldType: 'textarea' }),
  property({ name: 'annualrevenue', label: 'Annual Revenue', type: 'number', fieldType: 'number' }),
  property({
    name: 'numemployees',
    label: 'Number of Employees',
    type: 'enumeration',
    fieldType: 'select',
    options: options('1-5', '5-25', '25-50', '50-100', '100-500', '500-1000', '1000+'),
  }),
  custom({ name: 'experience_years', label: 'Years of Experience', type: 'number', fieldType: 'number' }),
  custom({ name: 'birthday', label: 'Birthday', type: 'date', fieldType: 'date' }),
  custom({ name: 'contract_end', label: 'Contract End', type: 'date', fieldType: 'date' }),
  custom({ name: 'last_demo_at', label: 'Last Demo', type: 'datetime', fieldType: 'date' }),
  custom({
    name: 'interests',
    label: 'Interests',
    type: 'enumeration',
    fieldType: 'checkbox',
    options: options(
      ['analytics', 'Analytics'],
      ['automation', 'Automation'],
      ['events', 'Events'],
      ['support', 'Support'],
    ),
  }),
  property({
    name: 'lifecyclestage',
    label: 'Lifecycle Stage',
    type: 'enumeration',
    fieldType: 'radio',
    options: lifecycleStages,
  }),
  property({
    name: 'hs_lead_status',
    label: 'Lead Status',
    type: 'enumeration',
    fieldType: 'radio',
    groupName: 'sales_properties',
    options: leadStatuses,
  }),
  property({
    name: 'hubspot_owner_id',
    label: 'Contact owner',
    type: 'enumeration',
    fieldType: 'select',
    groupName: 'sales_properties',
    externalOptions: true,
    referencedObjectType: 'OWNER',
  }),
  property({
    name: 'hs_email_optout',
    label: 'Unsubscribed from all email',
    type: 'bool',
    fieldType: 'booleancheckbox',
    groupName: 'emailinformation',
  }),
  custom({ name: 'newsletter', label: 'Newsletter', type: 'bool', fieldType: 'booleancheckbox' }),
  text('hs_email_domain', 'Email Domain', readOnly),
  property({
    name: 'hs_is_unworked',
    label: 'Contact unworked',
    type: 'bool',
    fieldType: 'calculation_equation',
    groupName: 'sales_properties',
    calculated: true,
    ...readOnly,
  }),
  property({ name: 'createdate', label: 'Create Date', type: 'datetime', fieldType: 'date', ...readOnly }),
  property({ name: 'lastmodifieddate', label: 'Last Modified Date', type: 'datetime', fieldType: 'date', ...readOnly }),
  property({ name: 'hs_object_id', label: 'Record ID', type: 'number', fieldType: 'number', ...readOnly }),
  text('hs_object_source', 'Record source', readOnly),
  text('hs_object_source_id', 'Record source ID', readOnly),
  text('hs_object_source_label', 'Record source label', readOnly),
];
