import { Hono } from 'hono';
import { CallLog } from '../common/call-log.ts';
import { createControls } from '../common/control.ts';
import { Faults } from '../common/faults.ts';
import type { Door } from '../common/host.ts';
import { addPage } from '../common/page.ts';
import type { Traffic } from '../common/traffic.ts';
import { Account, type AccountOptions } from './account.ts';
import { addControls } from './controls.ts';
import { callName, createApi } from './endpoint.ts';
import type { EvaluationPace } from './evaluation.ts';
import { faultPresets } from './fault-presets.ts';
import type { Answer } from './filters/evaluate.ts';
import type { Lock, RequiredRule } from './guards.ts';
import { type LimitProfile, limitProfiles } from './limit-profiles.ts';
import type { LimitSettings } from './limits.ts';
import type { Owner } from './owners.ts';
import { pageSource } from './page-source.ts';
import { People } from './people.ts';
import { iso } from './record.ts';
import { type RecordState, recordState } from './record-state.ts';
import { recordNotFound } from './refusal.ts';
import { accountEndpoints } from './routes/account.ts';
import { associationEndpoints } from './routes/associations.ts';
import { batchEndpoints } from './routes/batches.ts';
import { listEndpoints } from './routes/lists.ts';
import { membershipEndpoints } from './routes/memberships.ts';
import { objectEndpoints } from './routes/objects.ts';
import { pipelineEndpoints } from './routes/pipelines.ts';
import { propertyEndpoints } from './routes/properties.ts';
import { schemaEndpoints } from './routes/schemas.ts';
import { searchEndpoints } from './routes/search.ts';
import { type AccountState, dumpAccount, loadAccount } from './state.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

export type HubSpotSandboxOptions = AccountOptions;

/** A list's members as HubSpot would tell them now. */
export interface MembershipState {
  readonly listId: string;
  readonly listVersion: number;
  readonly processingStatus: string;
  readonly members: readonly { readonly recordId: string; readonly joinedAt: string }[];
}

/** A HubSpot account that is played, with what no real one lets a test do. Methods equal the controls over HTTP. */
export class HubSpotSandbox {
  /** The way in for the vendor's clients, and for the controls under `/_sandbox/`. */
  readonly door: Door;
  readonly traffic: Traffic;
  readonly people: People;
  readonly faults: Faults;
  /** The calls that are modelled, for instance `GET /crm/v3/objects/{type}`. */
  readonly calls: readonly string[];
  readonly #account: Account;

  constructor(options: HubSpotSandboxOptions = {}) {
    const account = new Account(options);
    this.#account = account;
    this.traffic = account.traffic;
    this.people = new People(account);
    this.faults = new Faults(account.timers, faultPresets);
    const endpoints = [
      ...batchEndpoints(account),
      ...searchEndpoints(account),
      ...objectEndpoints(account),
      ...propertyEndpoints(account),
      ...schemaEndpoints(account),
      ...pipelineEndpoints(account),
      ...membershipEndpoints(account),
      ...associationEndpoints(account),
      ...listEndpoints(account),
      ...accountEndpoints(account),
    ];
    this.calls = endpoints.map(callName);
    const api = createApi(account, endpoints);
    const log = new CallLog();
    const controls = new Hono().route(
      '/_sandbox',
      createControls({ traffic: this.traffic, faults: this.faults, clock: account.clock }, (routes) => {
        addControls(routes, this);
        addPage(routes, pageSource(account), log);
      }),
    );
    this.door = {
      fetch: (request) => {
        if (new URL(request.url).pathname.startsWith('/_sandbox')) return controls.fetch(request);
        return log.around(
          request,
          () => account.clock.now(),
          async () => await this.faults.around(request, () => api.fetch(request)),
        );
      },
    };
  }

  /** The token that calls must bear. */
  get accessToken(): string {
    return this.#account.accessToken;
  }

  get portalId(): number {
    return this.#account.portalId;
  }

  /** From now on only this token is taken. */
  setToken(accessToken: string): void {
    this.#account.accessToken = accessToken;
  }

  /** Limits one by one, or those of a kind of account. */
  setLimits(limits: LimitSettings | LimitProfile): void {
    this.#account.limits.set(typeof limits === 'string' ? limitProfiles[limits] : limits);
  }

  /** What the token may do from now on; `null` is everything. */
  setScopes(scopes: readonly string[] | null): void {
    this.#account.scopes = scopes === null ? undefined : new Set(scopes);
  }

  /** Records whose next writes by API clients are answered 423. */
  setLocks(locks: readonly Lock[]): void {
    this.#account.guards.lock(locks);
  }

  /** Properties that the account's admins want filled; enforced on paths from 2026-09 on. */
  setRequired(rules: readonly RequiredRule[]): void {
    for (const { type, property } of rules) this.#account.recordsOf(type).properties.must(property);
    this.#account.guards.required = rules;
  }

  /** Adds an owner, or changes the one that has the id. */
  setOwner(owner: Owner): void {
    const others = this.#account.owners.filter(({ id }) => id !== owner.id);
    this.#account.owners = [...others, owner];
  }

  get webhooks(): Webhooks {
    return this.#account.webhooks;
  }

  /** Whether an upsert by email clears what it leaves out. */
  setUpsertByEmailClears(clears: boolean): void {
    this.#account.upsertByEmailClears = clears;
  }

  /** How far the search index is behind the records. */
  setSearchLag(lagMs: number): void {
    this.#account.searchLagMs = lagMs;
  }

  /** A record with its history, archived or not. */
  record(type: string, id: string): RecordState | undefined {
    const record = this.#account.recordsOf(type).find(id);
    return record && recordState(record);
  }

  /** Ids of what a record belongs to of another type; with a label, of those that bear it. */
  associated(type: string, id: string, toType: string, label?: string): string[] {
    const [from, to] = [this.#account.recordsOf(type).type.typeId, this.#account.recordsOf(toType).type.typeId];
    return this.#account.associations
      .of({ typeId: from, id }, to)
      .filter(({ types }) => label === undefined || types.some((each) => each.label === label))
      .map((link) => link.to.id);
  }

  /** The live record that holds a value of a unique property. */
  recordBy(type: string, property: string, value: string): RecordState | undefined {
    const records = this.#account.recordsOf(type);
    records.mustBeUnique(property);
    const record = records.byUnique(property, value);
    return record && recordState(record);
  }

  /** Ids of the live records of a type, in their order. */
  recordIds(type: string): string[] {
    const ids: string[] = [];
    for (const { id, archivedAt } of this.#account.recordsOf(type).after(undefined)) {
      if (archivedAt === undefined) ids.push(id);
    }
    return ids;
  }

  get evaluation(): { readonly pace: EvaluationPace; readonly pending: number } {
    const { pace, pending } = this.#account.evaluation;
    return { pace, pending };
  }

  setEvaluation(pace: EvaluationPace): void {
    this.#account.evaluation.setPace(pace);
  }

  /** How soon after midnight lists that name today move, and how often those that name now are looked at. */
  setPassingOfTime({ dayLagMs, momentMs }: { dayLagMs?: number | undefined; momentMs?: number | undefined }): void {
    const { lists } = this.#account;
    lists.dayLagMs = dayLagMs ?? lists.dayLagMs;
    lists.momentMs = momentMs ?? lists.momentMs;
  }

  /** Does every evaluation that is pending, and those that follow from it; returns how many there were. */
  runEvaluation(): number {
    return this.#account.evaluation.runAll();
  }

  memberships(listId: string): MembershipState {
    const list = this.#account.lists.get(listId);
    return {
      listId,
      listVersion: list.listVersion,
      processingStatus: list.processingStatus,
      members: list.byRecord().map(({ recordId, lastAddedAt }) => ({ recordId, joinedAt: iso(lastAddedAt) })),
    };
  }

  /** Settles a membership by hand, at once and whatever the definition says; `null` ends that. */
  forceMembership(listId: string, recordId: string, member: boolean | null): void {
    this.#account.lists.force(listId, recordId, member ?? undefined);
  }

  /** What the list's definition says of the record's values now, whatever the members are. */
  evaluate(listId: string, recordId: string): Answer {
    const list = this.#account.lists.get(listId);
    const record = this.#account.recordsOf(list.objectTypeId).live(recordId);
    if (!record) throw recordNotFound(recordId);
    return this.#account.lists.answer(list, record);
  }

  /** All that is in the account, as plain JSON. */
  dump(): AccountState {
    return dumpAccount(this.#account);
  }

  /** Puts the account into a state that was dumped; lists are evaluated anew. */
  load(state: AccountState): void {
    loadAccount(this.#account, state);
  }

  /** Ends what is pending. The door still answers. */
  stop(): void {
    this.#account.evaluation.stop();
  }
}

/** A HubSpot account without records, with the usual contact properties. */
export function createHubSpotSandbox(options: HubSpotSandboxOptions = {}): HubSpotSandbox {
  return new HubSpotSandbox(options);
}
