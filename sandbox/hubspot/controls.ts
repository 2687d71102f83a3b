import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { addState, ControlRefused, controlBody, controlQuery } from '../common/control.ts';
import type { HubSpotSandbox } from './hubspot-sandbox.ts';
import { type LimitProfile, limitProfiles } from './limit-profiles.ts';
import { ways } from './people.ts';
import { propertyTypes } from './property.ts';
import { Refusal } from './refusal.ts';
import { propertyValues } from './routes/objects.ts';

const recordBody = z.strictObject({ properties: propertyValues });
const unmodelled = z.enum(['refuse', 'keep']).optional();
const listBody = z.strictObject({
  name: z.string(),
  objectTypeId: z.string().optional(),
  processingType: z.enum(['DYNAMIC', 'MANUAL', 'SNAPSHOT']).optional(),
  filterBranch: z.unknown().optional(),
  isPublic: z.boolean().optional(),
  unmodelled,
});
const filtersBody = z.strictObject({ filterBranch: z.unknown(), unmodelled });
const paceBody = z.union([z.strictObject({ delayMs: z.int().min(0) }), z.strictObject({ manual: z.literal(true) })]);
const end = z.strictObject({ type: z.string(), id: z.string() });
const associationBody = z.strictObject({ from: end, to: end, label: z.string().optional() });
const timeBody = z.strictObject({ dayLagMs: z.int().min(0).optional(), momentMs: z.int().min(1).optional() });
const memberBody = z.strictObject({ member: z.boolean().nullable() });
const limit = z.int().min(1).optional();
const profiles = Object.keys(limitProfiles) as [LimitProfile, ...LimitProfile[]];
const limitsBody = z.union([
  z.strictObject({ profile: z.enum(profiles) }),
  z.strictObject({
    per10Seconds: limit,
    perDay: limit,
    searchPerSecond: limit,
    associationsPer10Seconds: limit,
    associationsPerDay: limit,
  }),
]);
const scopesBody = z.strictObject({ scopes: z.array(z.string()).nullable() });
const locksBody = z.array(z.strictObject({ type: z.string(), id: z.string(), times: z.int().min(1).default(1) }));
const requiredBody = z.array(
  z.strictObject({
    type: z.string(),
    property: z.string(),
    when: z.strictObject({ property: z.string(), values: z.array(z.string()).min(1) }).optional(),
  }),
);
const ownerBody = z.strictObject({
  email: z.email().toLowerCase(),
  firstName: z.string().default(''),
  lastName: z.string().default(''),
  userId: z.int().nullable().default(null),
  type: z.enum(['PERSON', 'QUEUE']).default('PERSON'),
  archived: z.boolean().default(false),
});
const wayQuery = z.strictObject({ way: z.enum(ways).default('page') });
const webhooksBody = z.strictObject({
  targetUrl: z.url(),
  clientSecret: z.string().min(1),
  maxConcurrentRequests: z.int().min(6).optional(),
  subscriptions: z.array(
    z.strictObject({
      subscriptionType: z.string(),
      objectTypeId: z.string().optional(),
      propertyName: z.string().optional(),
    }),
  ),
});
const share = z.number().min(0).max(1).optional();
const mishapsBody = z.strictObject({
  lose: share,
  double: share,
  shuffle: z.boolean().optional(),
  delayMs: z.int().min(0).optional(),
  forge: z.boolean().optional(),
  seed: z.int().optional(),
});
const propertyBody = z.strictObject({
  name: z.string(),
  label: z.string().exactOptional(),
  type: z.enum(propertyTypes).exactOptional(),
  fieldType: z.string().exactOptional(),
  /** Values, which are their labels, too. */
  options: z.array(z.string().min(1)).exactOptional(),
});
const lagBody = z.strictObject({ lagMs: z.int().min(0) });
const tokenBody = z.strictObject({ accessToken: z.string().min(1) });
const findQuery = z.strictObject({ email: z.string().optional() });

/** HubSpot's own controls: each is one method of the sandbox. */
export function addControls(controls: Hono, sandbox: HubSpotSandbox): void {
  const { people } = sandbox;

  controls.get('/records/:type/:id', (c) => {
    const state = asked(() => sandbox.record(c.req.param('type'), c.req.param('id')));
    if (!state) throw new ControlRefused(404, `There is no record ${c.req.param('id')} of ${c.req.param('type')}.`);
    return c.json(state);
  });
  controls.get('/records/:type', (c) => {
    const { email } = controlQuery(c, findQuery);
    const type = c.req.param('type');
    if (email === undefined) return c.json({ ids: asked(() => sandbox.recordIds(type)) });
    const state = asked(() => sandbox.recordBy(type, 'email', email));
    return c.json({ records: state ? [state] : [] });
  });

  controls.post('/people/lists', async (c) => {
    const wanted = await controlBody(c, listBody);
    return c.json({ listId: asked(() => people.createList(wanted)) }, 201);
  });
  controls.post('/people/properties/:type', async (c) => {
    const wanted = await controlBody(c, propertyBody);
    asked(() => people.createProperty(c.req.param('type'), wanted));
    return c.json({ name: wanted.name }, 201);
  });
  controls.delete('/people/properties/:type/:name', (c) => {
    asked(() => people.archiveProperty(c.req.param('type'), c.req.param('name')));
    return c.body(null, 204);
  });
  controls.put('/people/lists/:listId', async (c) => {
    const { filterBranch, unmodelled: mode } = await controlBody(c, filtersBody);
    asked(() => people.updateListFilters(c.req.param('listId'), filterBranch, mode));
    return c.body(null, 204);
  });
  controls.delete('/people/lists/:listId', (c) => {
    asked(() => people.deleteList(c.req.param('listId')));
    return c.body(null, 204);
  });
  controls.put('/people/associations', async (c) => {
    const { from, to, label } = await controlBody(c, associationBody);
    asked(() => people.associate(from, to, label));
    return c.body(null, 204);
  });
  controls.delete('/people/associations', async (c) => {
    const { from, to } = await controlBody(c, associationBody);
    asked(() => people.dissociate(from, to));
    return c.body(null, 204);
  });
  controls.post('/people/contacts/:id/emails', async (c) => {
    const { email } = await controlBody(c, z.strictObject({ email: z.string() }));
    asked(() => people.addEmail(c.req.param('id'), email));
    return c.body(null, 204);
  });
  controls.post('/people/contacts/:id/erase', (c) => {
    asked(() => people.erase(c.req.param('id')));
    return c.body(null, 204);
  });
  controls.post('/people/:type/:id/restore', (c) =>
    c.json(asked(() => people.restore(c.req.param('type'), c.req.param('id')))),
  );
  controls.post('/people/:type/:id/merge', async (c) => {
    const { id } = await controlBody(c, z.strictObject({ id: z.string() }));
    return c.json(asked(() => people.merge(c.req.param('type'), c.req.param('id'), id)));
  });
  controls.patch('/people/:type', async (c) => {
    const { ids, properties } = await controlBody(c, recordBody.extend({ ids: z.array(z.string()).min(1) }));
    const { way } = controlQuery(c, wayQuery);
    asked(() => people.editMany(c.req.param('type'), ids, properties, way));
    return c.body(null, 204);
  });
  controls.put('/upsert-by-email', (c) =>
    set(c, z.strictObject({ clears: z.boolean() }), ({ clears }) => sandbox.setUpsertByEmailClears(clears)),
  );
  controls.post('/people/:type', async (c) => {
    const { properties } = await controlBody(c, recordBody);
    const { way } = controlQuery(c, wayQuery);
    return c.json(
      asked(() => people.create(c.req.param('type'), properties, way)),
      201,
    );
  });
  controls.patch('/people/:type/:id', async (c) => {
    const { properties } = await controlBody(c, recordBody);
    const { way } = controlQuery(c, wayQuery);
    return c.json(asked(() => people.edit(c.req.param('type'), c.req.param('id'), properties, way)));
  });
  controls.delete('/people/:type/:id', (c) => {
    asked(() => people.archive(c.req.param('type'), c.req.param('id')));
    return c.body(null, 204);
  });

  controls.get('/evaluation', (c) => c.json(sandbox.evaluation));
  controls.put('/evaluation', async (c) => {
    sandbox.setEvaluation(await controlBody(c, paceBody));
    return c.json(sandbox.evaluation);
  });
  controls.put('/evaluation/time', (c) => set(c, timeBody, (times) => sandbox.setPassingOfTime(times)));
  controls.post('/evaluation/run', (c) => c.json({ evaluated: sandbox.runEvaluation() }));
  controls.get('/memberships/:listId', (c) => c.json(asked(() => sandbox.memberships(c.req.param('listId')))));
  controls.put('/memberships/:listId/:recordId', async (c) => {
    const { member } = await controlBody(c, memberBody);
    asked(() => sandbox.forceMembership(c.req.param('listId'), c.req.param('recordId'), member));
    return c.body(null, 204);
  });
  controls.get('/evaluate/:listId/:recordId', (c) =>
    c.json({ answer: asked(() => sandbox.evaluate(c.req.param('listId'), c.req.param('recordId'))) }),
  );

  controls.put('/search', (c) => set(c, lagBody, ({ lagMs }) => sandbox.setSearchLag(lagMs)));
  controls.put('/scopes', (c) => set(c, scopesBody, ({ scopes }) => sandbox.setScopes(scopes)));
  controls.put('/locks', (c) => set(c, locksBody, (locks) => sandbox.setLocks(locks)));
  controls.put('/required', (c) => set(c, requiredBody, (rules) => asked(() => sandbox.setRequired(rules))));
  controls.put('/owners/:id', (c) =>
    set(c, ownerBody, (owner) => sandbox.setOwner({ id: c.req.param('id') ?? '', ...owner })),
  );
  addState(controls, sandbox);
  controls.get('/webhooks', (c) => c.json(sandbox.webhooks.report()));
  controls.put('/webhooks', (c) => set(c, webhooksBody, (settings) => asked(() => sandbox.webhooks.set(settings))));
  controls.delete('/webhooks', (c) => {
    sandbox.webhooks.set(undefined);
    return c.body(null, 204);
  });
  controls.put('/webhooks/mishaps', (c) => set(c, mishapsBody, (mishaps) => sandbox.webhooks.setMishaps(mishaps)));
  controls.put('/token', (c) => set(c, tokenBody, ({ accessToken }) => sandbox.setToken(accessToken)));
  controls.put('/limits', (c) =>
    set(c, limitsBody, (limits) => sandbox.setLimits('profile' in limits ? limits.profile : limits)),
  );
}

async function set<T extends z.ZodType>(c: Context, schema: T, apply: (value: z.output<T>) => void): Promise<Response> {
  apply(await controlBody(c, schema));
  return c.body(null, 204);
}

/** Says HubSpot's no as a control's no. */
function asked<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Refusal) throw new ControlRefused(error.status, error.message);
    throw error;
  }
}
