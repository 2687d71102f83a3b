import { type Client, WithStartWorkflowOperation, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { checkRef, type RecordRef, systems } from '../core/record-ref.ts';
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
  trustSegmentSignal,
} from '../workflows/messages.ts';
import type { CatchUpInput, ImportInput, ResyncInput } from '../workflows/run-messages.ts';
import { recordSyncStart, runStart } from '../workflows/start.ts';
import type { ExplanationView, PreviewRequest, RecordView, RetryPage, RunPreview, TandemApi } from './api.ts';
import { AlreadyRunning, checkName } from './errors.ts';
import { type PauseTarget, signalPause } from './pause.ts';
import { nameOfNow, StartedRun } from './run.ts';
import { Schedules } from './schedules.ts';

export interface TandemOptions {
  /** A client of the Temporal that the installation runs on. */
  readonly temporal: Client;
  /** Tandem's HTTP API. */
  readonly api: Pick<
    TandemApi,
    | 'saveDraft'
    | 'settings'
    | 'record'
    | 'askPairing'
    | 'explanation'
    | 'workflowRef'
    | 'previewRun'
    | 'recordsToRetry'
    | 'schedules'
    | 'workflows'
  >;
  /** The installation's name; `tandem` where left out. */
  readonly installation?: string;
  readonly timing?: Timing;
}

/** What a call reached: the workflow, for whoever wants to look on. */
export interface Reached {
  readonly workflowId: string;
}

export interface StartImport {
  readonly object: string;
  /** A SOQL condition that holds for each Salesforce type of the object; left out, all records. */
  readonly where?: string;
  /** Names the run beside others of its kind; the moment, where left out. */
  readonly name?: string;
}

export interface ResyncSegment {
  readonly object: string;
  /** Id or exact name; left out, the segments that the object includes. */
  readonly segment?: string;
  readonly name?: string;
}

/**
 * The client library: how services report changes, start runs, ask for syncs and apply settings. A bad ref throws
 * `BadRef` and starts nothing; an object that the settings don't have throws `ApiError`.
 */
export class Tandem {
  readonly #temporal: Client;
  readonly #api: TandemOptions['api'];
  readonly #installation: string;
  readonly #timing: Timing;
  /** The schedules of the settings, as they stand in Temporal. */
  readonly schedules: Schedules;

  constructor({ temporal, api, installation = 'tandem', timing = defaultTiming }: TandemOptions) {
    this.#temporal = temporal;
    this.#api = api;
    this.#installation = installation;
    this.#timing = timing;
    this.schedules = new Schedules(temporal, api, installation);
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
   * Declares that Tandem must not judge this version of a chosen segment by its filter: HubSpot's answer decides alone,
   * `settleSeconds` after a record's last change, until the filter is changed. `trusted` false takes it back. The
   * segment's watch carries it out at its next look, and not where the version has moved meanwhile.
   */
  async trustSegment(segmentId: string, version: string, trusted = true): Promise<Reached> {
    const workflowId = segmentWatchId(this.#installation, segmentId);
    const watch = this.#temporal.workflow.getHandle(workflowId);
    await watch.signal(trustSegmentSignal, { version, trusted });
    await watch.signal(lookNowSignal);
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

  /** Why a record did or did not sync, each time that this changed, newest first, in plain words. */
  async explain(ref: RecordRef): Promise<ExplanationView> {
    return await this.#api.explanation(checkRef(ref));
  }

  /**
   * Pairs a HubSpot record with another Salesforce record and syncs it: a first sync, which compares both sides as if for
   * the first time; the pair that it had ends. Whether Salesforce is written where the segment does not let the record
   * through says `gate.firstSync`. Throws `ApiError` where the Salesforce record belongs to another pair.
   */
  async pairWith(ref: RecordRef, salesforceId: string): Promise<SyncNowAnswer & Reached> {
    await this.#api.askPairing(checkRef(ref), salesforceId);
    return await this.syncNow(ref);
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

  /** `syncNow`, by the name that people know from HubSpot. */
  async resyncRecord(ref: RecordRef, requestId?: string): Promise<SyncNowAnswer & Reached> {
    return await this.syncNow(ref, requestId);
  }

  /** What a run would look at, with counts; starts nothing. Refuses what `startImport` and `resyncSegment` refuse. */
  async previewRun(request: PreviewRequest): Promise<RunPreview> {
    return await this.#api.previewRun(request);
  }

  /**
   * Brings Salesforce records into HubSpot: first the identity of all (for people the email), then the other fields of
   * those that their segment lets through. Asks both systems before anything starts: an unknown object and a condition
   * that Salesforce does not take throw `ApiError` with the reason, a name that is under way `AlreadyRunning`.
   *
   * `previewed` is an answer of `previewRun` for the same import; without it, it is asked for here.
   */
  async startImport({ object, where, name }: StartImport, previewed?: RunPreview): Promise<StartedRun> {
    const checkedName = checkName(name ?? nameOfNow());
    const asked = { kind: 'import', object, ...(where === undefined ? {} : { where }) } as const;
    const { draft } = previewed ?? (await this.#api.previewRun(asked));
    const input: ImportInput = { object, name: checkedName, timing: this.#timing, draft };
    return await this.#startRun('importRecords', 'import', input);
  }

  /**
   * Syncs every member of a segment in full, each within its gate as always. Refuses, before anything starts, a segment
   * that does not exist, is static, of another type or still being evaluated; otherwise as `startImport`.
   */
  async resyncSegment({ object, segment, name }: ResyncSegment, previewed?: RunPreview): Promise<StartedRun> {
    const checkedName = checkName(name ?? nameOfNow());
    const asked = { kind: 'resync', object, ...(segment === undefined ? {} : { segment }) } as const;
    const { segmentId } = previewed ?? (await this.#api.previewRun(asked));
    const input: ResyncInput = {
      object,
      name: checkedName,
      timing: this.#timing,
      ...(segmentId === null ? {} : { segmentId }),
    };
    return await this.#startRun('resyncSegment', 'resync', input);
  }

  /**
   * Syncs again what failed in a run, or what nobody came to in it: each record within its gate as always, in catch-ups that
   * stand beside live changes. Answers with them; none where nothing failed. `runId` is the id of the run, not of its
   * workflow: there may have been several of one name.
   */
  async retryRun(runId: string): Promise<{ readonly records: number; readonly runs: readonly StartedRun[] }> {
    const runs: StartedRun[] = [];
    let records = 0;
    const name = `retry-${nameOfNow()}`;
    for (const system of systems) {
      let after: string | null | undefined;
      while (after !== null) {
        const page: RetryPage = await this.#api.recordsToRetry(runId, system, after);
        after = page.after;
        if (page.ids.length === 0) continue;
        records += page.ids.length;
        const input = { object: page.object, name: `${name}-${runs.length + 1}`, timing: this.#timing };
        runs.push(await this.#startRun('catchUp', 'catchUp', { ...input, system, ids: page.ids }));
      }
    }
    return { records, runs };
  }

  /** The run with this workflow's id: the one under way, or else the last. */
  run(workflowId: string): StartedRun {
    return new StartedRun(this.#temporal, workflowId);
  }

  /**
   * Pauses polls, watches and runs, with a reason that the Temporal UI shows: each stops after what it has under way, and
   * keeps its place. Of one object, its watches and runs; the polls serve all objects. Records that sync alone, because
   * their change has been found or reported already, are not held up. Answers with the workflows that were reached.
   */
  async pause(target: PauseTarget, reason: string): Promise<readonly Reached[]> {
    const ids = await signalPause(this.#temporal, this.#api, target, 'pause', reason);
    return ids.map((workflowId) => ({ workflowId }));
  }

  /** Lets what was paused go on. What was not paused is not disturbed. */
  async resume(target: PauseTarget, reason = 'resumed'): Promise<readonly Reached[]> {
    const ids = await signalPause(this.#temporal, this.#api, target, 'resume', reason);
    return ids.map((workflowId) => ({ workflowId }));
  }

  async #startRun(
    workflowType: 'importRecords' | 'resyncSegment' | 'catchUp',
    kind: 'import' | 'resync' | 'catchUp',
    input: ImportInput | ResyncInput | CatchUpInput,
  ): Promise<StartedRun> {
    const start = runStart({ installation: this.#installation }, kind, input.object, input.name);
    try {
      await this.#temporal.workflow.start(workflowType, {
        ...start,
        args: [input],
        workflowIdConflictPolicy: 'FAIL',
      });
    } catch (error) {
      throw error instanceof WorkflowExecutionAlreadyStartedError ? new AlreadyRunning(start.workflowId) : error;
    }
    return this.run(start.workflowId);
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
