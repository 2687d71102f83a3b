import { Hono } from 'hono';
import { CallLog } from '../common/call-log.ts';
import { type Clock, systemTimers, type Timers } from '../common/clock.ts';
import { createControls } from '../common/control.ts';
import { Faults } from '../common/faults.ts';
import type { Door } from '../common/host.ts';
import { addPage } from '../common/page.ts';
import { SteeredClock } from '../common/steered-clock.ts';
import { Traffic } from '../common/traffic.ts';
import { DataApi, versions } from './api/data-api.ts';
import type { Answer } from './api/endpoint.ts';
import { Locators } from './api/locators.ts';
import { Usage } from './api/usage.ts';
import { Automations } from './automations.ts';
import { addControls } from './controls.ts';
import { type CustomField, customField } from './custom-fields.ts';
import { DuplicateRules, duplicateOptions } from './duplicate-rules.ts';
import { faultPresets } from './fault-presets.ts';
import type { Values } from './fields.ts';
import { bodyOf, reply, tooLong } from './http.ts';
import { toId18 } from './ids.ts';
import { OAuth } from './oauth.ts';
import { type CustomObject, customObject } from './objects/custom.ts';
import { standardObjects } from './objects/index.ts';
import { pageSource } from './page-source.ts';
import { People } from './people.ts';
import { Records } from './records.ts';
import { Refusal, resourceMissing } from './refusal.ts';
import { toHttpDate } from './stamps.ts';
import { Additions, dumpOrg, loadOrg, type OrgState } from './state.ts';
import { Store } from './store.ts';
import { Transactions } from './transactions.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { ValidationRules } from './validation-rules.ts';

export interface SalesforceSandboxOptions {
  readonly clock?: Clock;
  /** For delayed answers; those of the clock where it is a `ManualTime`. */
  readonly timers?: Timers;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** PEM; signed assertions are taken only with it. */
  readonly publicKey?: string;
  /** 18 characters. */
  readonly orgId?: string;
  /** The address in answers; left out: that of the request. */
  readonly baseUrl?: () => string;
  /** Requests of a rolling day; one more is refused. */
  readonly dailyLimit?: number;
}

/** The users of a new org, by what they are for. */
export interface Users {
  /** Whom API clients act as; username `integration@sandbox.example`. */
  readonly integration: string;
  /** Who does what people do, unless another is named. */
  readonly administrator: string;
  readonly rep: string;
  readonly inactive: string;
}

export interface SalesforceSandbox {
  /** The door without sockets; `serve` of `common/host.ts` puts it on a port. */
  readonly door: Door;
  readonly traffic: Traffic;
  /** The calls below `/services/data/vXX.X` that are modelled, for instance `PATCH /sobjects/{type}/{id}`. */
  readonly calls: readonly string[];
  readonly faults: Faults;
  readonly rules: ValidationRules;
  /** None unless they are set. */
  readonly duplicates: DuplicateRules;
  /** Triggers, assignment rules and row locks; none unless they are set. */
  readonly automations: Automations;
  readonly people: People;
  readonly users: Users;
  readonly orgId: string;
  /** A record with all its fields, deleted ones included; undefined where there is none that is visible. */
  record(type: string, id: string): Values | undefined;
  /** Live records of a type, all or those with an email (without regard to case). Throws a `Refusal` for an unknown type. */
  records(type: string, by?: { email?: string | undefined }): Values[];
  /** Adds a custom object. Throws a `Refusal` where there is one of that name. */
  addObject(asked: CustomObject): void;
  /** Adds a queue, which may own leads, cases and custom objects; answers its id. */
  addQueue(name: string): string;
  /** Adds a user; answers the id. Throws a `Refusal` where something is wrong with it. */
  addUser(fields: Readonly<Record<string, unknown>>): string;
  /** Changes a user, for instance `IsActive`. */
  editUser(id: string, fields: Readonly<Record<string, unknown>>): void;
  /** Adds a custom field. Throws a `Refusal` where the object is unknown or has the field already. */
  addField(asked: CustomField): void;
  /** Hides a field from API clients by field-level security, or shows it again. */
  hideField(type: string, name: string, hidden: boolean): void;
  /**
   * A formula field's new result, as the edit of another record that it reads brings about: without a stamp, and until
   * the record itself is saved. Throws a `Refusal` where there is no such record or field.
   */
  setFormulaResult(type: string, id: string, name: string, value: string | number | boolean | null): void;
  /** The largest page of a query; undefined is the usual 2,000. */
  setPageSize(size: number | undefined): void;
  expireLocators(): void;
  expireTokens(): void;
  /** Answers every call with 401 from now on, whatever its token; or no longer. */
  refuseTokens(refuses: boolean): void;
  /** Whether access tokens are JWTs. */
  issueJwts(asJwt: boolean): void;
  /** A refresh token, as the web server flow would have given it. */
  handOutRefreshToken(): string;
  /** All that is in the org, as plain JSON. */
  dump(): OrgState;
  /** Puts the org into a state that was dumped. */
  load(state: OrgState): void;
  /** What the app itself may use of the day, told in `Sforce-Limit-Info`; undefined is as much as all. */
  setAppLimit(app: { readonly name: string; readonly limit: number } | undefined): void;
  /** People's writes become visible this much later, with the stamp of the write; 0 ends that. */
  delayCommits(delayMs: number): void;
  /** A transaction that people's writes may join; none of them is visible before it commits. */
  openTransaction(): string;
  /** Answers whether there was one. */
  commitTransaction(id: string): boolean;
}

/** An org of its own, empty but for its users. */
export function createSalesforceSandbox(options: SalesforceSandboxOptions = {}): SalesforceSandbox {
  const clock = options.clock ?? new SteeredClock();
  const orgId = options.orgId ?? '00D5e0000000001EAA';
  const store = new Store(standardObjects());
  const transactions = new Transactions(clock);
  const rules = new ValidationRules();
  const duplicates = new DuplicateRules();
  const automations = new Automations();
  const additions = new Additions();
  const records = new Records({ store, clock, transactions, rules, duplicates, automations });
  const users = firstUsers(store, records);
  const locators = new Locators(clock);
  const usage = new Usage(clock, options.dailyLimit ?? 100_000);
  const traffic = new Traffic();
  const faults = new Faults(options.timers ?? timersOf(clock), faultPresets);
  const api = new DataApi({ store, records, clock, transactions, locators, usage }, traffic);
  const oauth = new OAuth({
    clock,
    clientId: options.clientId ?? 'sandbox',
    clientSecret: options.clientSecret ?? 'sandbox',
    publicKey: options.publicKey,
    orgId,
    user: { id: users.integration, username: 'integration@sandbox.example' },
    isActive: () => store.find(users.integration)?.values?.IsActive === true,
  });
  const people = new People({ store, records, transactions, clock, administrator: users.administrator });

  const tableOf = (type: string) => {
    const table = store.table(type);
    if (!table) throw resourceMissing();
    return table;
  };

  const administrator = { userId: users.administrator, isApi: false };

  const controls: Omit<SalesforceSandbox, 'door'> = {
    traffic,
    calls: api.calls,
    faults,
    rules,
    duplicates,
    automations,
    people,
    users,
    orgId,
    record: (type, id) => {
      transactions.settle();
      return store.table(type)?.get(toId18(id) ?? '')?.values;
    },
    records: (type, { email } = {}) => {
      transactions.settle();
      return [...tableOf(type).rows()].flatMap(({ values }) => {
        const isWanted = values?.IsDeleted !== true && (email === undefined || isSameText(values?.Email, email));
        return values && isWanted ? [values] : [];
      });
    },
    addObject: (asked) => {
      const object = customObject(asked, store.tables().filter((table) => table.object.custom).length);
      if (store.table(object.name)) {
        throw new Refusal(400, 'DUPLICATE_DEVELOPER_NAME', `There is already an object named ${object.name}.`);
      }
      store.add(object);
      additions.objects.push(asked);
    },
    addQueue: (name) =>
      records.create(new UnitOfWork(), tableOf('Group').object, { Name: name, Type: 'Queue' }, administrator),
    addUser: (fields) => records.create(new UnitOfWork(), tableOf('User').object, fields, administrator),
    editUser: (id, fields) => {
      const row = tableOf('User').get(toId18(id) ?? '');
      if (!row) throw resourceMissing();
      records.update(new UnitOfWork(), row, fields, administrator);
    },
    addField: (asked) => {
      const table = tableOf(asked.object);
      const field = customField(asked);
      if (table.object.field(field.name)) {
        throw new Refusal(
          400,
          'DUPLICATE_DEVELOPER_NAME',
          `There is already a field named ${field.name} on ${table.object.name}.`,
        );
      }
      table.object.add(field);
      table.index(field);
      additions.fields.push(asked);
    },
    hideField: (type, name, hidden) => tableOf(type).object.setHidden(name, hidden),
    setFormulaResult: (type, id, name, value) => {
      const table = tableOf(type);
      const row = table.get(toId18(id) ?? '');
      if (!row?.values || !table.object.field(name)?.formula) throw resourceMissing();
      table.put(row, { ...row.values, [name]: value });
    },
    setPageSize: (size) => locators.setPageSize(size),
    expireLocators: () => locators.expireAll(),
    expireTokens: () => oauth.expireAll(),
    refuseTokens: (refuses) => oauth.refuseAll(refuses),
    issueJwts: (asJwt) => oauth.issueJwts(asJwt),
    handOutRefreshToken: () => oauth.handOutRefreshToken(),
    dump: () => dumpOrg(store, records, additions),
    load: (state) => loadOrg(store, records, additions, state),
    setAppLimit: (app) => {
      usage.app = app;
    },
    delayCommits: (delayMs) => transactions.delayCommits(delayMs),
    openTransaction: () => transactions.open(),
    commitTransaction: (id) => {
      const isOpen = transactions.has(id);
      transactions.commit(id);
      return isOpen;
    },
  };

  const log = new CallLog();
  const originOf = (request: Request) => options.baseUrl?.() ?? new URL(request.url).origin;
  const app = new Hono({ strict: false });
  app.route(
    '/_sandbox',
    createControls({ traffic, faults, clock }, (added) => {
      addControls(added, controls);
      addPage(added, pageSource(store), log);
    }),
  );
  app.post('/services/oauth2/token', async (c) => {
    const form = new URLSearchParams(await c.req.text());
    return reply(oauth.grant(form, c.req.header('authorization') ?? null, originOf(c.req.raw)));
  });
  app.post('/services/oauth2/revoke', async (c) => {
    return reply(oauth.revoke(new URLSearchParams(await c.req.text()).get('token') ?? ''));
  });
  app.get('/id/:orgId/:userId', (c) => {
    const { orgId: org, userId } = c.req.param();
    const user = store.find(userId)?.values;
    // Our choice: the status and the text of both refusals.
    if (!oauth.admits(c.req.header('authorization') ?? null)) return c.text('Bad_OAuth_Token', 403);
    if (org !== orgId || !user) return c.text('Bad_Id', 404);
    return reply({ status: 200, body: identityOf(user, orgId, originOf(c.req.raw)) });
  });
  app.get('/services/data', () => reply({ status: 200, body: versions() }));
  app.all('/services/data/:version/*', async (c) => {
    if (!oauth.admits(c.req.header('authorization') ?? null)) return reply(sessionInvalid);
    if (usage.used() > usage.limit) {
      traffic.overran('day');
      return reply(dayIsSpent);
    }
    const { pathname, search } = new URL(c.req.url);
    const read = await bodyOf(c.req.raw);
    if ('status' in read) return reply(read);
    const call = { method: c.req.method, url: pathname + search, headers: c.req.raw.headers, body: read.body };
    const assigns = c.req.header('sforce-auto-assign')?.toLowerCase() !== 'false';
    const asked = duplicateOptions(c.req.header('sforce-duplicate-rule-header') ?? null);
    return reply(api.answer(call, { userId: users.integration, isApi: true, duplicates: asked, assigns }));
  });
  app.all('*', (c) => {
    traffic.unmodelled.push(`${c.req.method} ${c.req.path}`);
    return reply({ status: 404, body: resourceMissing().body() });
  });

  const door: Door = {
    fetch: async (request) => {
      transactions.settle();
      const { pathname, search } = new URL(request.url);
      if (pathname.startsWith('/_sandbox')) return app.fetch(request);
      const isData = pathname.startsWith('/services/data/v');
      if (isData) usage.count();
      const route = isData ? api.routeOf(request.method, pathname + search) : `${request.method} ${pathname}`;
      traffic.called(route ?? `${request.method} (not modelled)`);
      const response = await log.around(
        request,
        () => clock.now(),
        async () => await faults.around(request, () => tooLong(request) ?? app.fetch(request)),
      );
      response.headers.set('Date', toHttpDate(clock.now()));
      response.headers.set('Sforce-Limit-Info', usage.header());
      return response;
    },
  };
  return { ...controls, door };
}

/** Who a token is good for. https://help.salesforce.com/s/articleView?id=sf.remoteaccess_using_openid.htm */
const identityOf = (user: Values, orgId: string, origin: string) => ({
  id: `${origin}/id/${orgId}/${String(user.Id)}`,
  asserted_user: true,
  user_id: user.Id,
  organization_id: orgId,
  username: user.Username,
  display_name: user.Name,
  email: user.Email,
  first_name: user.FirstName,
  last_name: user.LastName,
  active: user.IsActive,
  user_type: 'STANDARD',
});

const timersOf = (clock: Clock): Timers => ('after' in clock ? (clock as Clock & Timers) : systemTimers);

const isSameText = (value: unknown, other: string): boolean =>
  typeof value === 'string' && value.toLowerCase() === other.toLowerCase();

function firstUsers(store: Store, records: Records): Users {
  const object = store.table('User')?.object;
  if (!object) throw new Error('An org has users.');
  const add = (alias: string, FirstName: string, LastName: string, IsActive = true): string => {
    const address = `${alias}@sandbox.example`;
    const fields = { Username: address, Email: address, FirstName, LastName, Alias: alias.slice(0, 8), IsActive };
    return records.create(new UnitOfWork(), object, fields, { userId: '', isApi: false });
  };
  return {
    integration: add('integration', 'Tandem', 'Integration'),
    administrator: add('ada', 'Ada', 'Adminson'),
    rep: add('rita', 'Rita', 'Salesworth'),
    inactive: add('ivo', 'Ivo', 'Gone', false),
  };
}

const sessionInvalid: Answer = {
  status: 401,
  body: new Refusal(401, 'INVALID_SESSION_ID', 'Session expired or invalid').body(),
};

const dayIsSpent: Answer = {
  status: 403,
  body: new Refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.').body(),
};
