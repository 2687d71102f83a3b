import { randomInt } from 'node:crypto';
import {
  WithStartWorkflowOperation,
  type WorkflowHandleWithSignaledRunId,
  type WorkflowUpdateHandle,
} from '@temporalio/client';
import type { Outcome } from '../../core/outcome.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { recordSync } from '../../workflows/index.ts';
import {
  type RecordStatus,
  type RecordWait,
  recordChangedSignal,
  type SyncNowAnswer,
  type SyncResult,
  segmentReevaluatedSignal,
  syncNowUpdate,
  type Timing,
} from '../../workflows/messages.ts';
import { recordSyncStart } from '../../workflows/start.ts';
import type { ActivityCall } from './calls.ts';
import { type Stage, untilStatus } from './stage.ts';

type Done = Extract<SyncResult, { kind: 'done' }>;

export const anHourMs = 3_600_000;

/** One record and its workflow: what happens to it, and what its passes come to. */
export class RecordStage {
  readonly ref: RecordRef = { system: 'hubspot', object: 'contacts', id: String(randomInt(1, 2 ** 47)) };
  readonly #stage: Stage;
  readonly #start: ReturnType<typeof recordSyncStart>;

  constructor(stage: Stage, timing: Partial<Timing> = {}) {
    this.#stage = stage;
    const { installation } = stage;
    const short: Timing = { gatherMs: 1, syncMs: 30_000, lookMs: 1, retryMs: [1, 1], ...timing };
    this.#start = recordSyncStart({ installation, timing: short }, this.ref);
    stage.watch(this.#start.workflowId);
  }

  /** The workflow, whichever run of it is the latest. */
  get handle() {
    return this.#stage.client.workflow.getHandle<typeof recordSync>(this.#start.workflowId);
  }

  get calls() {
    return this.#stage.calls(this.#start.workflowId);
  }

  async changed(id: string, at?: string): Promise<WorkflowHandleWithSignaledRunId<typeof recordSync>> {
    return await this.#stage.client.workflow.signalWithStart<typeof recordSync, [{ id: string; at?: string }]>(
      'recordSync',
      {
        ...this.#start,
        signal: recordChangedSignal,
        signalArgs: [at === undefined ? { id } : { id, at }],
      },
    );
  }

  async segmentReevaluated(): Promise<void> {
    await this.#stage.client.workflow.signalWithStart('recordSync', {
      ...this.#start,
      signal: segmentReevaluatedSignal,
      signalArgs: [{ segmentId: '42', checkedAt: '2026-03-01T12:00:00Z' }],
    });
  }

  /** Resolves when the workflow has accepted the request. */
  async syncNow(updateId: string): Promise<WorkflowUpdateHandle<SyncNowAnswer>> {
    return await this.#stage.client.workflow.startUpdateWithStart(syncNowUpdate, {
      updateId,
      waitForStage: 'ACCEPTED',
      startWorkflowOperation: new WithStartWorkflowOperation('recordSync', {
        ...this.#start,
        workflowIdConflictPolicy: 'USE_EXISTING',
      }),
    });
  }

  /** The next pass, as soon as it begins. */
  async nextPass(): Promise<Pass> {
    return new Pass(this, await this.calls.next('syncRecords'));
  }

  /** What a pass answers that comes to this outcome; `more` are the ids and the wait that go with it. */
  result(outcome: Outcome, more: Partial<Done> = {}): Done {
    return { kind: 'done', ref: this.ref, outcome, hubspotId: this.ref.id, salesforceId: null, wait: null, ...more };
  }

  async status(): Promise<RecordStatus> {
    return await this.handle.query<RecordStatus>('status');
  }

  async untilState(state: RecordStatus['state']): Promise<RecordStatus> {
    return await untilStatus<RecordStatus>(this.handle, state);
  }
}

/** One pass of a record: what the activity was asked, and what it shall come to. */
export class Pass {
  readonly #record: RecordStage;
  readonly call: ActivityCall<'syncRecords'>;

  constructor(record: RecordStage, call: ActivityCall<'syncRecords'>) {
    this.#record = record;
    this.call = call;
  }

  /** Comes to an outcome. */
  ends(outcome: Outcome, more: Partial<Done> = {}): void {
    this.call.answer([this.#record.result(outcome, more)]);
  }

  /** Has to wait for segment 42, an hour unless told otherwise. */
  waits(wait: Partial<RecordWait> = {}): void {
    this.ends(
      { kind: 'waiting', reason: 'segmentNotReevaluated' },
      { wait: { segmentIds: ['42'], endsInMs: anHourMs, lookAgainInMs: null, ...wait } },
    );
  }

  isBusy(): void {
    this.call.answer([{ kind: 'busy', ref: this.#record.ref }]);
  }

  moves(to: RecordRef): void {
    this.call.answer([{ kind: 'moved', ref: this.#record.ref, to }]);
  }
}

export const synced: Outcome = { kind: 'synced' };
export const unchanged: Outcome = { kind: 'unchanged' };
export const notReevaluated: Outcome = { kind: 'waiting', reason: 'segmentNotReevaluated' };
