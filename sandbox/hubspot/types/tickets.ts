import { pipelineOptions, stageOptions } from '../pipelines.ts';
import { choice, owner, systemProperties, text } from './common-properties.ts';
import type { ObjectType } from './object-type.ts';

const group = 'ticketinformation';

/** `hs_pipeline` may be left out where the account has one pipeline. */
export const tickets: ObjectType = {
  name: 'tickets',
  typeId: '0-5',
  singular: 'TICKET',
  title: 'Ticket',
  createdProperty: 'createdate',
  modifiedProperty: 'hs_lastmodifieddate',
  naturalKey: undefined,
  requiredOneOf: [],
  required: ['subject', 'hs_pipeline_stage'],
  shownByDefault: [
    'content',
    'hs_pipeline',
    'hs_pipeline_stage',
    'hs_ticket_category',
    'hs_ticket_priority',
    'subject',
  ],
  shownAfterWrite: ['subject', 'hs_pipeline', 'hs_pipeline_stage', 'hs_object_source', 'hs_object_source_id'],
  searchable: ['subject', 'content', 'hs_pipeline_stage', 'hs_ticket_category', 'hs_object_id'],
  forwardOnly: [],
  groups: [group],
  properties: [
    text('subject', 'Ticket name', { groupName: group }),
    text('content', 'Ticket description', { groupName: group, fieldType: 'textarea' }),
    choice('hs_pipeline', 'Pipeline', pipelineOptions('tickets'), { groupName: group }),
    choice('hs_pipeline_stage', 'Ticket status', stageOptions('tickets'), { groupName: group }),
    choice('hs_ticket_priority', 'Priority', ['LOW', 'MEDIUM', 'HIGH', 'URGENT'], { groupName: group }),
    choice('hs_ticket_category', 'Category', ['PRODUCT_ISSUE', 'BILLING_ISSUE', 'FEATURE_REQUEST', 'GENERAL_INQUIRY'], {
      groupName: group,
      fieldType: 'checkbox',
    }),
    choice('source_type', 'Source', ['CHAT', 'EMAIL', 'FORM', 'PHONE'], { groupName: group }),
    owner('Ticket owner', group),
    ...systemProperties('createdate', 'hs_lastmodifieddate', group),
  ],
  derived: {},
};
