import type { RecordRef } from '../core/record-ref.ts';
import { recordSyncId, taskQueue } from './ids.ts';
import { type RecordSyncInput, searchAttributes, type Timing } from './messages.ts';

/** What a `recordSync` is started with, whoever starts it. */
export function recordSyncStart(
  { installation, timing }: { readonly installation: string; readonly timing: Timing },
  ref: RecordRef,
) {
  const idKey = ref.system === 'hubspot' ? searchAttributes.hubspotId : searchAttributes.salesforceId;
  const args: [RecordSyncInput] = [{ ref, timing }];
  return {
    workflowId: recordSyncId(installation, ref),
    taskQueue: taskQueue(installation, 'live'),
    args,
    staticSummary: `${ref.object}: ${ref.system === 'hubspot' ? 'HubSpot' : 'Salesforce'} ${ref.id}`,
    typedSearchAttributes: [
      { key: searchAttributes.object, value: ref.object },
      { key: idKey, value: ref.id },
    ],
    priority: { priorityKey: 2 },
  };
}
