import { property } from '../property.ts';
import { choice, custom, number, owner, systemProperties, text } from './common-properties.ts';
import { lifecycleStages } from './contact-properties.ts';
import type { ObjectType } from './object-type.ts';

const group = 'companyinformation';

/** The API does not tell companies apart by their domain. */
export const companies: ObjectType = {
  name: 'companies',
  typeId: '0-2',
  singular: 'COMPANY',
  title: 'Company',
  createdProperty: 'createdate',
  modifiedProperty: 'hs_lastmodifieddate',
  naturalKey: undefined,
  requiredOneOf: ['name', 'domain'],
  required: [],
  shownByDefault: ['domain', 'name'],
  shownAfterWrite: ['name', 'domain', 'hs_object_source', 'hs_object_source_id', 'hs_object_source_label'],
  searchable: ['name', 'domain', 'phone', 'website', 'hs_object_id'],
  forwardOnly: ['lifecyclestage'],
  groups: [group],
  properties: [
    text('name', 'Company name', { groupName: group }),
    text('domain', 'Company Domain Name', { groupName: group }),
    property({ name: 'phone', label: 'Phone Number', type: 'string', fieldType: 'phonenumber', groupName: group }),
    text('website', 'Website URL', { groupName: group }),
    text('address', 'Street Address', { groupName: group }),
    text('city', 'City', { groupName: group }),
    text('state', 'State/Region', { groupName: group }),
    text('zip', 'Postal Code', { groupName: group }),
    text('country', 'Country/Region', { groupName: group }),
    text('description', 'Description', { groupName: group, fieldType: 'textarea' }),
    number('annualrevenue', 'Annual Revenue', { groupName: group, showCurrencySymbol: true }),
    number('numberofemployees', 'Number of Employees', { groupName: group }),
    choice(
      'industry',
      'Industry',
      [
        ['BANKING', 'Banking'],
        ['EDUCATION_MANAGEMENT', 'Education Management'],
        ['COMPUTER_SOFTWARE', 'Computer Software'],
        ['RETAIL', 'Retail'],
      ],
      { groupName: group },
    ),
    choice(
      'type',
      'Type',
      [
        ['PROSPECT', 'Prospect'],
        ['PARTNER', 'Partner'],
        ['VENDOR', 'Vendor'],
        ['OTHER', 'Other'],
      ],
      { groupName: group },
    ),
    property({
      name: 'lifecyclestage',
      label: 'Lifecycle Stage',
      type: 'enumeration',
      fieldType: 'radio',
      groupName: group,
      options: lifecycleStages,
    }),
    custom({ name: 'renewal_date', label: 'Renewal Date', type: 'date', fieldType: 'date', groupName: group }),
    owner('Company owner', group),
    ...systemProperties('createdate', 'hs_lastmodifieddate', group),
  ],
  derived: {},
};
