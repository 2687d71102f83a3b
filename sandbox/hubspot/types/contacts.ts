import { contactProperties } from './contact-properties.ts';
import type { ObjectType } from './object-type.ts';

export const contacts: ObjectType = {
  name: 'contacts',
  typeId: '0-1',
  singular: 'CONTACT',
  title: 'Contact',
  createdProperty: 'createdate',
  modifiedProperty: 'lastmodifieddate',
  naturalKey: 'email',
  requiredOneOf: ['email', 'firstname', 'lastname'],
  required: [],
  shownByDefault: ['email', 'firstname', 'lastname'],
  shownAfterWrite: [
    'email',
    'hs_email_domain',
    'hs_is_unworked',
    'hs_object_source',
    'hs_object_source_id',
    'hs_object_source_label',
    'lifecyclestage',
  ],
  searchable: ['firstname', 'lastname', 'email', 'phone', 'company', 'hs_object_id'],
  forwardOnly: ['lifecyclestage'],
  groups: ['contactinformation', 'sales_properties', 'emailinformation', 'contact_activity'],
  properties: contactProperties,
  derived: {
    hs_email_domain: (read) => read('email')?.split('@')[1] ?? null,
    hs_is_unworked: (read) => String(read('hubspot_owner_id') === null),
  },
};
