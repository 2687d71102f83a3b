import type { RecordRef } from '../core/record-ref.ts';
import { recordSyncId, runId, taskQueue } from './ids.ts';
import { type RecordSyncInput, searchAttributes, type Timing } from './messages.ts';
import type { RunKind } from './run-messages.ts';

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

const runTitles: Record<RunKind, string> = {
  import: 'Import',
  resync: 'Resync',
  catchUp: 'Catch-up',
  reconcile: 'Reconcile',
};

/** What a run is started with besides its input. Bulk work stands behind live changes. */
export function runStart(
  { installation }: { readonly installation: string },
  kind: RunKind,
  object: string,
  name: string,
) {
  const isLive = kind === 'catchUp';
  return {
    workflowId: runId(installation, kind, object, name),
    taskQueue: taskQueue(installation, isLive ? 'live' : 'bulk'),
    staticSummary: `${runTitles[kind]} of ${object}: ${name}`,
    typedSearchAttributes: [{ key: searchAttributes.object, value: object }],
    priority: { priorityKey: isLive ? 3 : 4 },
  };
}
