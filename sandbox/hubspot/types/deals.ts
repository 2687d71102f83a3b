import { pipelineOptions, stageOptions } from '../pipelines.ts';
import { property } from '../property.ts';
import { choice, number, owner, systemProperties, text } from './common-properties.ts';
import type { ObjectType } from './object-type.ts';

const group = 'dealinformation';

export const deals: ObjectType = {
  name: 'deals',
  typeId: '0-3',
  singular: 'DEAL',
  title: 'Deal',
  createdProperty: 'createdate',
  modifiedProperty: 'hs_lastmodifieddate',
  naturalKey: undefined,
  requiredOneOf: [],
  required: ['dealname', 'dealstage', 'pipeline'],
  shownByDefault: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
  shownAfterWrite: ['amount', 'dealname', 'dealstage', 'pipeline', 'hs_object_source', 'hs_object_source_id'],
  searchable: ['dealname', 'pipeline', 'dealstage', 'description', 'dealtype', 'hs_object_id'],
  forwardOnly: [],
  groups: [group],
  properties: [
    text('dealname', 'Deal Name', { groupName: group }),
    choice('pipeline', 'Pipeline', pipelineOptions('deals'), { groupName: group }),
    choice('dealstage', 'Deal Stage', stageOptions('deals'), { groupName: group, fieldType: 'radio' }),
    number('amount', 'Amount', { groupName: group, showCurrencySymbol: true }),
    property({ name: 'closedate', label: 'Close Date', type: 'datetime', fieldType: 'date', groupName: group }),
    text('description', 'Deal Description', { groupName: group, fieldType: 'textarea' }),
    choice(
      'dealtype',
      'Deal Type',
      [
        ['newbusiness', 'New Business'],
        ['existingbusiness', 'Existing Business'],
      ],
      { groupName: group, fieldType: 'radio' },
    ),
    owner('Deal owner', group),
    ...systemProperties('createdate', 'hs_lastmodifieddate', group),
  ],
  derived: {},
};
