import type { z } from 'zod';
import { BadRef, checkRef, type RecordRef, type System } from '../core/record-ref.ts';
import type { RunKind } from '../workflows/run-messages.ts';
import {
  draftAnswer,
  type ExplanationView,
  errorAnswer,
  explanationAnswer,
  type HealthView,
  healthAnswer,
  type PairingAsked,
  type PreviewRequest,
  pairingAnswer,
  previewAnswer,
  type RecordView,
  type RetryPage,
  type RunDetail,
  type RunningSettings,
  type RunPreview,
  type RunView,
  recordAnswer,
  retryAnswer,
  runAnswer,
  runsAnswer,
  type ScheduleInSettings,
  type SegmentChange,
  type SegmentDetail,
  type SegmentRequest,
  type SegmentView,
  schedulesAnswer,
  segmentAnswer,
  segmentChange,
  segmentsAnswer,
  settingsAnswer,
  type WorkflowView,
  workflowAnswer,
  workflowsAnswer,
} from './answers.ts';
import { ApiError } from './api-error.ts';

export type {
  ExplanationView,
  HealthView,
  PairingAsked,
  PreviewRequest,
  RecordView,
  RetryPage,
  RunDetail,
  RunningSettings,
  RunPreview,
  RunView,
  SegmentChange,
  SegmentDetail,
  SegmentRequest,
  SegmentView,
};

export interface ApiOptions {
  /** Address of the service: `TANDEM_URL`. */
  readonly url: string;
  readonly token: string;
  readonly timeoutMs?: number;
  /** What sends the requests; the global `fetch` unless given. */
  readonly fetch?: (request: Request) => Response | Promise<Response>;
}

export interface RunFilter {
  readonly kind?: RunKind;
  readonly object?: string;
  /** `running`, `done`, `failed` or `cancelled`. */
  readonly state?: string;
  readonly limit?: number;
}

/**
 * Tandem's HTTP API, typed: answers out of the ledger, and drafts, which have no effect until a workflow takes them.
 * Every failure is an `ApiError`; a malformed ref a `BadRef`, thrown before anything is sent.
 */
export class TandemApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = { ...options, url: options.url.replace(/\/+$/, '') };
  }

  /** Stores a text and answers its number. */
  async saveDraft(text: string): Promise<{ draft: number }> {
    return this.#call(draftAnswer, 'POST', '/api/drafts', text);
  }

  /** The version that runs, or undefined before the first one. */
  async settings(): Promise<RunningSettings | undefined> {
    try {
      return await this.#call(settingsAnswer, 'GET', '/api/settings');
    } catch (error) {
      if (error instanceof ApiError && error.code === 'NoSettings') return undefined;
      throw error;
    }
  }

  async record(ref: RecordRef): Promise<RecordView> {
    return this.#call(recordAnswer, 'GET', recordPath(ref));
  }

  /** Why a record did or did not sync, each time that this changed, newest first, in plain words. */
  async explanation(ref: RecordRef): Promise<ExplanationView> {
    return this.#call(explanationAnswer, 'GET', `${recordPath(ref)}/explanation`);
  }

  /** The ref that names the workflow of this record: the HubSpot side of its pair, or itself while it has none. */
  async workflowRef(ref: RecordRef): Promise<RecordRef> {
    return (await this.#call(workflowAnswer, 'GET', `${recordPath(ref)}/workflow`)).ref;
  }

  /** The id of that workflow. */
  async workflowId(ref: RecordRef): Promise<string> {
    return (await this.#call(workflowAnswer, 'GET', `${recordPath(ref)}/workflow`)).workflowId;
  }

  /**
   * Asks for a pair of a HubSpot record and another Salesforce record: it is carried out by the record's next pass. An id
   * of another type, and one that belongs to another pair, are refused; a ref of Salesforce throws `BadRef`.
   */
  async askPairing(ref: RecordRef, salesforceId: string): Promise<PairingAsked> {
    if (ref.system !== 'hubspot') {
      throw new BadRef('ref.system: a pair is asked for by its HubSpot side, whose workflow carries it out.');
    }
    return this.#call(pairingAnswer, 'POST', `${recordPath(ref)}/pairing`, JSON.stringify({ salesforceId }));
  }

  /** The segments of an object's HubSpot type, as HubSpot names them now. */
  async segments(object: string): Promise<SegmentView[]> {
    return (await this.#call(segmentsAnswer, 'GET', segmentsPath(object))).segments;
  }

  /** One segment with its filter, by id. */
  async segment(object: string, id: string): Promise<SegmentDetail> {
    return this.#call(segmentAnswer, 'GET', `${segmentsPath(object)}/${encodeURIComponent(id)}`);
  }

  /**
   * Creates an active segment in HubSpot and answers it as HubSpot stored it; HubSpot evaluates it afterwards. No setting
   * changes. A condition, filter or name that can't be taken is refused with the reason.
   */
  async createSegment(object: string, request: SegmentRequest): Promise<SegmentDetail> {
    return this.#call(segmentAnswer, 'POST', segmentsPath(object), JSON.stringify(request));
  }

  /** What it would change to include these segments, by id or exact name, and no others; none: every record. */
  async previewChoice(object: string, include: readonly string[]): Promise<SegmentChange> {
    // HubSpot tells members 250 at a time.
    return this.#call(segmentChange, 'POST', `${segmentsPath(object)}/choice`, JSON.stringify({ include }), 300_000);
  }

  /**
   * What a run would look at, with counts. A condition is stored as a draft; nothing starts. An object, condition or
   * segment that can't be run is refused with the reason.
   */
  async previewRun(request: PreviewRequest): Promise<RunPreview> {
    // Counting asks Salesforce once for each type, and it may take its time.
    return this.#call(previewAnswer, 'POST', '/api/runs/preview', JSON.stringify(request), 120_000);
  }

  /** Runs, the newest first; 50 unless `limit` says otherwise. */
  async runs(filter: RunFilter = {}): Promise<RunView[]> {
    const { limit, ...rest } = filter;
    const query = new URLSearchParams({ ...rest, ...(limit === undefined ? {} : { limit: String(limit) }) });
    return (await this.#call(runsAnswer, 'GET', `/api/runs?${query.toString()}`)).runs;
  }

  /** One run, with the first of its refused records. */
  async run(id: string): Promise<RunDetail> {
    return this.#call(runAnswer, 'GET', `/api/runs/${id.split('/').map(encodeURIComponent).join('/')}`);
  }

  /** A page of what `Tandem.retryRun` tries again. */
  async recordsToRetry(runId: string, system: System, after?: string): Promise<RetryPage> {
    const query = new URLSearchParams({ run: runId, system, ...(after === undefined ? {} : { after }) });
    return this.#call(retryAnswer, 'GET', `/api/run-retries?${query.toString()}`);
  }

  /** The schedules of the settings that run. */
  async schedules(): Promise<ScheduleInSettings[]> {
    return (await this.#call(schedulesAnswer, 'GET', '/api/schedules')).schedules;
  }

  /** The workflows that take `pause` and `resume`: of one object, or all. The polls serve all objects. */
  async workflows(object?: string): Promise<WorkflowView[]> {
    const query = object === undefined ? '' : `?object=${encodeURIComponent(object)}`;
    return (await this.#call(workflowsAnswer, 'GET', `/api/workflows${query}`)).workflows;
  }

  async health(): Promise<HealthView> {
    return this.#call(healthAnswer, 'GET', '/api/health');
  }

  async #call<T>(
    answer: z.ZodType<T>,
    method: 'GET' | 'POST',
    path: string,
    body?: string,
    timeoutMs = this.#options.timeoutMs ?? 30_000,
  ): Promise<T> {
    const response = await this.#send(method, path, body, timeoutMs);
    const text = await this.#body(response);
    if (!response.ok) throw this.#refusal(response.status, text);
    const parsed = answer.safeParse(json(text));
    if (parsed.success) return parsed.data;
    throw this.#noAnswerOfTandem(response.status);
  }

  async #send(method: string, path: string, body: string | undefined, timeoutMs: number): Promise<Response> {
    const { url, token, fetch: send = (request: Request) => fetch(request) } = this.#options;
    try {
      const request = new Request(`${url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, ...(body === undefined ? {} : { 'content-type': 'text/plain' }) },
        ...(body === undefined ? {} : { body }),
        redirect: 'error', // the token is for this address only
        signal: AbortSignal.timeout(timeoutMs),
      });
      return await send(request);
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  async #body(response: Response): Promise<string> {
    try {
      return await response.text();
    } catch (error) {
      throw this.#unreachable(error);
    }
  }

  #unreachable(error: unknown): ApiError {
    const { url } = this.#options;
    if (nameOf(error) === 'TimeoutError') {
      return new ApiError(
        'NoAnswer',
        `The Tandem service at ${url} did not answer in time: look at its log, then try again.`,
      );
    }
    return new ApiError(
      'Unreachable',
      `No Tandem service answers at ${url}: start it with \`tandem serve\` or set TANDEM_URL.`,
    );
  }

  #refusal(status: number, text: string): ApiError {
    const { url } = this.#options;
    if (status === 401) {
      const remedy = "set TANDEM_API_TOKEN to the service's own, or TANDEM_DATA_DIR to its data folder";
      return new ApiError('Unauthorized', `The Tandem service at ${url} does not take this token: ${remedy}.`, status);
    }
    const parsed = errorAnswer.safeParse(json(text));
    if (parsed.success) return new ApiError(parsed.data.error.name, parsed.data.error.message, status);
    return this.#noAnswerOfTandem(status);
  }

  #noAnswerOfTandem(status: number): ApiError {
    const { url } = this.#options;
    return new ApiError(
      'BadAnswer',
      `What answers at ${url} (HTTP ${status}) is no Tandem service of this version: check TANDEM_URL.`,
      status,
    );
  }
}

function recordPath(ref: RecordRef): string {
  const { object, system, id } = checkRef(ref);
  return `/api/records/${object}/${system}/${id}`;
}

const segmentsPath = (object: string): string => `/api/segments/${encodeURIComponent(object)}`;

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const nameOf = (error: unknown): unknown =>
  typeof error === 'object' && error && 'name' in error ? error.name : undefined;
