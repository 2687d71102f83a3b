import { sql } from 'kysely';
import { createActivities, createEngine } from '../../activities/index.ts';
import { enabledAtCursor } from '../../activities/running.ts';
import { readCatalog } from '../../activities/settings.ts';
import { sweepLeases } from '../../activities/sync/leases.ts';
import { checkAgainst } from '../../core/settings/check.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import { createHubSpot, createSalesforce, openDoor } from '../../crm/index.ts';
import { createHubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import * as workflows from '../../workflows/index.ts';
import { defaultTiming } from '../../workflows/messages.ts';
import type { SimulatedLedger } from './ledger.ts';
import { type Plan, segmentOf, settingsOf } from './plan.ts';
import { Random } from './random.ts';
import { type Attempt, asAttempt, attemptKey, Scheduler } from './scheduler.ts';
import { SimulatedTemporal } from './temporal/temporal.ts';
import { VirtualTime } from './time.ts';

const installation = 'sim';
const urls = { hubspot: 'http://127.0.0.1:2', salesforce: 'http://127.0.0.1:3' } as const;
const requestTimeoutMs = 10_000;
const workers = 2;

/** Both systems, the engine and the workflows in one process, under one clock and one order. */
export class World {
  readonly time = new VirtualTime('2026-03-02T09:00:00.000Z');
  readonly plan: Plan;
  readonly random: Random;
  readonly trace: string[] = [];
  readonly hubspot;
  readonly salesforce;
  readonly scheduler: Scheduler;
  readonly temporal: SimulatedTemporal;
  readonly ledger: SimulatedLedger['ledger'];
  readonly counts = {
    kills: 0,
    vendorFaults: 0,
    ledgerFaults: 0,
    pauses: 0,
    busyLeases: 0,
    killedAt: new Set<string>(),
  };
  /** By owner and number. */
  readonly attempts = new Map<string, Attempt>();
  /** By system and attempt: when it last changed records there. */
  readonly wroteAt = new Map<string, number>();
  /** What the segment's filter said of each contact, and since when. */
  readonly truth = new Map<string, { at: number; member: boolean }[]>();
  /** By HubSpot id and property. */
  readonly inStepSince = new Map<string, number>();
  segmentId = '';
  faulty = true;
  readonly #database: SimulatedLedger;
  readonly #shut: (() => void)[];

  constructor(plan: Plan, database: SimulatedLedger) {
    this.plan = plan;
    this.random = new Random(plan.seed + 1);
    const { time } = this;
    const clocks = { hubspot: time.skewed(plan.skewMs.hubspot), salesforce: time.skewed(plan.skewMs.salesforce) };
    this.hubspot = createHubSpotSandbox({
      clock: clocks.hubspot,
      timers: clocks.hubspot,
      evaluationDelayMs: plan.evaluationDelayMs,
    });
    this.hubspot.setSearchLag(plan.searchLagMs);
    this.salesforce = createSalesforceSandbox({ clock: clocks.salesforce });
    this.#database = database;
    this.ledger = database.ledger;
    this.scheduler = new Scheduler(
      this.random,
      (line) => this.note(line),
      (name, answer, attempt) => {
        const [system, call] = name.split('.');
        if (call === 'update') this.wroteAt.set(`${system} ${attemptKey(attempt)}`, this.time.now());
        if (name === 'leases.take') this.counts.busyLeases += (answer as { busy: readonly string[] }).busy.length;
      },
    );
    this.temporal = new SimulatedTemporal({
      time,
      workflows: workflows as unknown as ConstructorParameters<typeof SimulatedTemporal>[0]['workflows'],
      pickWorker: () => this.random.between(0, workers),
      trace: (line) => this.note(line),
      onAttempt: (attempt) => {
        this.attempts.set(attemptKey(attempt), attempt);
      },
    });
    this.#shut = [
      openDoor(urls.hubspot, { fetch: (request) => this.#throughFaults(request, this.hubspot.door) }),
      openDoor(urls.salesforce, { fetch: (request) => this.#throughFaults(request, this.salesforce.door) }),
    ];
  }

  close(): void {
    this.hubspot.stop();
    for (const shut of this.#shut) shut();
  }

  note(line: string): void {
    this.trace.push(`${new Date(this.time.now()).toISOString().slice(11, 23)} ${line}`);
  }

  /** Applies the settings, and starts what they need. What exists by then was there before. */
  async setUp(): Promise<void> {
    const { hubspot, salesforce, ledger, scheduler, plan } = this;
    await this.#database.empty();
    await this.#database.showTime(this.time.now());
    this.segmentId = hubspot.people.createList({ name: 'included', filterBranch: segmentOf(plan) });
    const access = { requestTimeoutMs };
    const hs = createHubSpot({ ...access, baseUrl: urls.hubspot, accessToken: hubspot.accessToken });
    const auth = { clientId: 'sandbox', clientSecret: 'sandbox' };
    const sf = createSalesforce({ ...access, loginUrl: urls.salesforce, auth });
    this.faulty = false;
    await hs.reader.createUniqueProperty('contacts', 'tandem_salesforce_id', 'Salesforce id');
    const key = { name: 'Tandem_HubSpot_Id__c', type: 'text', length: 32, externalId: true, unique: true } as const;
    salesforce.addField({ object: 'Contact', ...key });

    const yaml = settingsOf(plan, this.segmentId);
    const parsed = parseSettings(yaml);
    if (!parsed.readable) throw new Error(JSON.stringify(parsed.problems));
    const catalog = await readCatalog({ hubspot: hs, salesforce: sf }, parsed.readable);
    const { settings, problems } = checkAgainst(parsed.readable, catalog);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
    await ledger.settings.activate({
      draft: await ledger.settings.saveDraft(yaml),
      replaces: undefined,
      settings,
      catalog,
    });
    const enabledAt = (skewMs: number) => new Date(Math.ceil((this.time.now() + skewMs) / 1000) * 1000).toISOString();
    await ledger.cursors.put(enabledAtCursor, {
      contacts: { hubspot: enabledAt(plan.skewMs.hubspot), salesforce: enabledAt(plan.skewMs.salesforce) },
    });
    await ledger.segments.put(this.segmentId, 'contacts', null);
    await this.time.moveTo(this.time.now() + 2_000, async () => {});

    const stores = Object.fromEntries(
      Object.entries(ledger).map(([name, store]) => [
        name,
        typeof store === 'function' || name === 'identity' ? store : scheduler.port(name, store as object),
      ]),
    ) as unknown as typeof ledger;
    const closing = scheduler.port('ledger', { closeBatch: ledger.closeBatch });
    const deps = {
      ledger: { ...stores, closeBatch: closing.closeBatch },
      hubspot: { reader: scheduler.port('hubspot', hs.reader), writer: scheduler.port('hubspot', hs.writer) },
      salesforce: {
        reader: scheduler.port('salesforce', sf.reader, ['clockMs', 'usage']),
        writer: scheduler.port('salesforce', sf.writer),
      },
      client: this.temporal.client(scheduler) as never,
      installation,
      timing: defaultTiming,
      definitions: new Map(),
      requestTimeoutMs,
    };
    this.temporal.serve(createActivities(deps));
    this.temporal.begin(`${installation}/poll/hubspot`, 'pollChanges', [{ system: 'hubspot' }]);
    this.temporal.begin(`${installation}/poll/salesforce`, 'pollChanges', [{ system: 'salesforce' }]);
    const watch = [{ segmentId: this.segmentId, timing: defaultTiming }];
    this.temporal.begin(`${installation}/segment/${this.segmentId}`, 'segmentWatch', watch);
    this.#sweep(deps);
    this.faulty = true;
  }

  /** Starts a run over all members. */
  resync(name: string): void {
    const input = { object: 'contacts', name, timing: defaultTiming, segmentId: this.segmentId };
    this.temporal.begin(`${installation}/resync/contacts/${name}`, 'resyncSegment', [input]);
    this.note(`a resync begins: ${name}`);
  }

  /** Members as of now, to be asked later whether a write was allowed when it was planned. */
  noteTruth(): void {
    if (this.segmentId === '') return;
    for (const id of this.hubspot.recordIds('contacts')) {
      const member = this.hubspot.evaluate(this.segmentId, id) === 'true';
      const known = this.truth.get(id) ?? [];
      if (known.at(-1)?.member !== member) known.push({ at: this.time.now(), member });
      this.truth.set(id, known);
    }
  }

  /** Until nothing is left to do before `end`, or `isOver` says so. */
  async run(end: number, isOver: () => boolean): Promise<void> {
    const { time, scheduler } = this;
    for (;;) {
      await this.#settle();
      if (isOver()) return;
      if (scheduler.isIdle) {
        const next = time.next();
        if (next === undefined || next > end) return;
        await time.moveTo(next, () => this.#settle());
        continue;
      }
      await time.moveTo(time.now() + this.#latency(), () => this.#settle());
      if (scheduler.isIdle) continue;
      await this.#database.showTime(time.now());
      const name = await scheduler.step((call, attempt) => this.#strike(call, attempt));
      scheduler.drop();
      if (name === 'ledger.closeBatch') await this.#noteBases();
    }
  }

  /** Since when a field of a pair has a base: before that its first sync is still to come. */
  async #noteBases(): Promise<void> {
    const { rows } = await sql<{ hubspotId: string; base: Record<string, unknown> | null }>`
      select hubspot_id as "hubspotId", base from pairs where ended_at is null`.execute(this.#database.db);
    for (const { hubspotId, base } of rows) {
      for (const [field, entry] of Object.entries(base ?? {})) {
        const key = `${hubspotId}/${field}`;
        const isToCome = typeof entry === 'object' && entry !== null && 'firstSync' in entry;
        if (!isToCome && !this.inStepSince.has(key)) this.inStepSince.set(key, this.time.now());
      }
    }
  }

  #latency(): number {
    if (this.faulty && this.random.chance(this.plan.pauses)) {
      this.counts.pauses += 1;
      return this.random.between(30_000, 200_000);
    }
    return this.random.between(1, 60);
  }

  /** Each worker process passes on what died holders of leases left behind, once a minute. */
  #sweep(deps: Parameters<typeof createEngine>[0]): void {
    const engine = createEngine(deps);
    let number = 0;
    const again = (): void => {
      number += 1;
      const info = {
        workflowExecution: { workflowId: 'sweep', runId: 'sweep' },
        activityId: String(number),
        attempt: 1,
        startToCloseTimeoutMs: 60_000,
      };
      const attempt = this.temporal.attempt({ info, name: 'sweep' });
      asAttempt(attempt, () => sweepLeases(engine)).catch((error: unknown) => {
        this.note(`sweep failed: ${error instanceof Error ? error.message : ''}`);
      });
      this.time.after(60_000, again);
    };
    this.time.after(60_000, again);
  }

  async #settle(): Promise<void> {
    do await new Promise((resolve) => setImmediate(resolve));
    while (this.temporal.look());
  }

  #strike(name: string, attempt: Attempt): 'none' | 'killBefore' | 'killAfter' | Error {
    const { random, plan, counts } = this;
    if (!this.faulty) return 'none';
    if (random.chance(plan.kills)) {
      counts.kills += 1;
      counts.killedAt.add(name);
      this.temporal.kill(attempt.worker);
      return random.chance(0.5) ? 'killBefore' : 'killAfter';
    }
    const isLedger = !/^(hubspot|salesforce|client|handle)\./.test(name);
    if (isLedger && random.chance(plan.ledgerFaults)) {
      counts.ledgerFaults += 1;
      return new Error('the connection to the ledger was lost');
    }
    return 'none';
  }

  async #throughFaults(
    request: Request,
    door: { fetch(request: Request): Response | Promise<Response> },
  ): Promise<Response> {
    const { random, plan, counts } = this;
    const fault =
      this.faulty && random.chance(plan.vendorFaults) ? random.pick(['refused', 'cut', 'applied'] as const) : 'none';
    if (fault !== 'none') counts.vendorFaults += 1;
    if (fault === 'refused')
      return new Response('<html>busy</html>', { status: 503, headers: { 'content-type': 'text/html' } });
    if (fault === 'cut') throw new TypeError('fetch failed');
    const response = await door.fetch(request);
    if (request.method !== 'GET') this.noteTruth();
    if (fault === 'applied') throw new TypeError('fetch failed');
    return response;
  }
}
