import { type Client, WithStartWorkflowOperation } from '@temporalio/client';
import { checkRef, type RecordRef } from '../core/record-ref.ts';
import { applySettingsId, segmentWatchId, taskQueue } from '../workflows/ids.ts';
import {
  type ApplySettingsResult,
  type Change,
  defaultTiming,
  lookNowSignal,
  recordChangedSignal,
  type SyncNowAnswer,
  segmentReevaluatedSignal,
  syncNowUpdate,
  type Timing,
} from '../workflows/messages.ts';
import { recordSyncStart } from '../workflows/start.ts';
import type { RecordView, TandemApi } from './api.ts';

export interface TandemOptions {
  /** A client of the Temporal that the installation runs on. */
  readonly temporal: Client;
  /** Tandem's HTTP API. */
  readonly api: Pick<TandemApi, 'saveDraft' | 'settings' | 'record' | 'workflowRef'>;
  /** The installation's name; `tandem` where left out. */
  readonly installation?: string;
  readonly timing?: Timing;
}

/** What a call reached: the workflow, for whoever wants to look on. */
export interface Reached {
  readonly workflowId: string;
}

/**
 * The client library: how services report changes, ask for syncs and apply settings. A bad ref throws `BadRef` and
 * starts nothing; an object that the settings don't have throws `ApiError`.
 */
export class Tandem {
  readonly #temporal: Client;
  readonly #api: TandemOptions['api'];
  readonly #installation: string;
  readonly #timing: Timing;

  constructor({ temporal, api, installation = 'tandem', timing = defaultTiming }: TandemOptions) {
    this.#temporal = temporal;
    this.#api = api;
    this.#installation = installation;
    this.#timing = timing;
  }

  /**
   * Reports that a record may have changed. Starts its workflow or joins the one that runs. A repeated `change.id` is
   * dropped while that workflow runs; leave it out and each report counts.
   */
  async reportChange(ref: RecordRef, change: Partial<Change> = {}): Promise<Reached> {
    const start = this.#start(await this.#named(ref));
    await this.#temporal.workflow.signalWithStart('recordSync', {
      ...start,
      signal: recordChangedSignal,
      signalArgs: [{ id: change.id ?? crypto.randomUUID(), ...(change.at === undefined ? {} : { at: change.at }) }],
    });
    return { workflowId: start.workflowId };
  }

  /**
   * Says that a segment has been evaluated again. With `ref` that record looks once more; without, the segment's watch
   * looks at all that wait for it. A hint: the verdict is always read anew.
   */
  async segmentReevaluated(segmentId: string, ref?: RecordRef): Promise<Reached> {
    if (ref) {
      const start = this.#start(await this.#named(ref));
      await this.#temporal.workflow.signalWithStart('recordSync', {
        ...start,
        signal: segmentReevaluatedSignal,
        signalArgs: [{ segmentId, checkedAt: new Date().toISOString() }],
      });
      return { workflowId: start.workflowId };
    }
    const workflowId = segmentWatchId(this.#installation, segmentId);
    await this.#temporal.workflow.getHandle(workflowId).signal(lookNowSignal);
    return { workflowId };
  }

  /**
   * Syncs a record now and answers with the outcome of the first pass that began after this call; or that somebody else
   * works on it, in which case it runs again by itself. `requestId` makes a repeated call one call.
   */
  async syncNow(ref: RecordRef, requestId: string = crypto.randomUUID()): Promise<SyncNowAnswer & Reached> {
    const named = await this.#named(ref);
    const answer = await this.#syncNow(named, requestId);
    if (!('movedTo' in answer)) return answer;
    return await this.#syncNow(answer.movedTo, requestId);
  }

  /** What the ledger knows of a record: its pair, the latest decision with its reason, what it waits for. */
  async getRecord(ref: RecordRef): Promise<RecordView> {
    return await this.#api.record(checkRef(ref));
  }

  /**
   * Makes a settings text the running version; answers with its number, or with everything that is wrong, in which case
   * nothing has changed. `replaces` is the version that the text was made from; the running one where left out.
   */
  async applySettings(yaml: string, replaces?: number | null): Promise<ApplySettingsResult & Reached> {
    const from = replaces === undefined ? ((await this.#api.settings())?.version ?? null) : replaces;
    const { draft } = await this.#api.saveDraft(yaml);
    const workflowId = applySettingsId(this.#installation);
    const result: ApplySettingsResult = await this.#temporal.workflow.execute('applySettings', {
      workflowId,
      taskQueue: taskQueue(this.#installation, 'live'),
      args: [{ draft, replaces: from }],
      staticSummary: `Apply draft ${draft} of the settings`,
    });
    return { ...result, workflowId };
  }

  async #named(ref: RecordRef): Promise<RecordRef> {
    return await this.#api.workflowRef(checkRef(ref));
  }

  #start(ref: RecordRef) {
    return recordSyncStart({ installation: this.#installation, timing: this.#timing }, ref);
  }

  async #syncNow(ref: RecordRef, requestId: string): Promise<SyncNowAnswer & Reached> {
    const start = this.#start(ref);
    const answer = await this.#temporal.workflow.executeUpdateWithStart(syncNowUpdate, {
      updateId: requestId,
      startWorkflowOperation: new WithStartWorkflowOperation('recordSync', {
        ...start,
        workflowIdConflictPolicy: 'USE_EXISTING',
        priority: { priorityKey: 1 },
      }),
    });
    return { ...answer, workflowId: start.workflowId };
  }
}
