import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { addState, ControlRefused, controlBody, controlQuery } from '../common/control.ts';
import { assignmentSchema, rewriteSchema, rowLockSchema } from './automations.ts';
import { customFieldSchema } from './custom-fields.ts';
import { duplicateRuleSchema } from './duplicate-rules.ts';
import { customObjectSchema } from './objects/custom.ts';
import type { PersonOptions } from './people.ts';
import { Refusal } from './refusal.ts';
import type { SalesforceSandbox } from './salesforce-sandbox.ts';
import { validationRuleSchema } from './validation-rules.ts';

const formulaBody = z.strictObject({
  name: z.string(),
  value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
});
const recordBody = z.strictObject({ fields: z.record(z.string(), z.unknown()) });
const personQuery = z.strictObject({
  as: z.string().optional(),
  transaction: z.string().optional(),
  at: z.coerce.number().int().optional(),
});

const appLimit = z.strictObject({ name: z.string().min(1), limit: z.int().min(1) });
const tokensBody = z.strictObject({
  expireAll: z.literal(true).optional(),
  refuseAll: z.boolean().optional(),
  jwt: z.boolean().optional(),
});

/** The controls that only Salesforce's sandbox has: each is a method of the sandbox, over HTTP. */
export function addControls(controls: Hono, sandbox: Omit<SalesforceSandbox, 'door'>): void {
  const { people } = sandbox;
  const type = (c: Context) => c.req.param('type') ?? '';
  const id = (c: Context) => c.req.param('id') ?? '';
  const options = (c: Context): PersonOptions => controlQuery(c, personQuery);

  addState(controls, sandbox);
  controls.put('/triggers', async (c) => {
    sandbox.automations.setRewrites(await controlBody(c, z.array(rewriteSchema)));
    return c.body(null, 204);
  });
  controls.put('/assignment-rules', async (c) => {
    sandbox.automations.setAssignments(await controlBody(c, z.array(assignmentSchema)));
    return c.body(null, 204);
  });
  controls.put('/locks', async (c) => {
    sandbox.automations.setLocks(await controlBody(c, z.array(rowLockSchema)));
    return c.body(null, 204);
  });
  controls.put('/app-limit', async (c) => {
    const { app } = await controlBody(c, z.strictObject({ app: appLimit.nullable() }));
    sandbox.setAppLimit(app ?? undefined);
    return c.body(null, 204);
  });
  controls.delete('/recycle-bin', (c) => {
    people.emptyRecycleBin();
    return c.body(null, 204);
  });

  controls.get('/records/:type/:id', (c) => {
    const record = sandbox.record(type(c), id(c));
    if (!record) throw new ControlRefused(404, `There is no ${type(c)} ${id(c)}.`);
    return c.json(record);
  });
  controls.get('/records/:type', (c) => {
    const { email } = controlQuery(c, z.strictObject({ email: z.string().optional() }));
    return c.json({ records: allowed(() => sandbox.records(type(c), { email })) });
  });

  controls.post('/people/:type', async (c) => {
    const { fields } = await controlBody(c, recordBody);
    return c.json({ id: allowed(() => people.create(type(c), fields, options(c))) }, 201);
  });
  controls.patch('/people/:type/:id', async (c) => {
    const { fields } = await controlBody(c, recordBody);
    allowed(() => people.update(type(c), id(c), fields, options(c)));
    return c.body(null, 204);
  });
  controls.delete('/people/:type/:id', (c) => {
    allowed(() => people.remove(type(c), id(c), options(c)));
    return c.body(null, 204);
  });
  controls.post('/people/:type/:id/undelete', (c) => {
    allowed(() => people.undelete(type(c), id(c), options(c)));
    return c.body(null, 204);
  });
  controls.post('/people/:type/:id/merge', async (c) => {
    const { ids } = await controlBody(c, z.strictObject({ ids: z.array(z.string()).min(1).max(2) }));
    allowed(() => people.merge(type(c), id(c), ids, options(c)));
    return c.body(null, 204);
  });
  controls.post('/people/Lead/:id/convert', async (c) => {
    const into = await controlBody(
      c,
      z.strictObject({
        accountId: z.string().optional(),
        contactId: z.string().optional(),
        opportunityName: z.string().min(1).optional(),
      }),
    );
    return c.json(allowed(() => people.convertLead(id(c), into, options(c))));
  });

  controls.post('/objects', async (c) => {
    const asked = await controlBody(c, customObjectSchema);
    allowed(() => sandbox.addObject(asked));
    return c.json({ name: asked.name }, 201);
  });
  controls.post('/queues', async (c) => {
    const { name } = await controlBody(c, z.strictObject({ name: z.string().min(1) }));
    return c.json({ id: allowed(() => sandbox.addQueue(name)) }, 201);
  });
  controls.post('/users', async (c) => {
    const { fields } = await controlBody(c, recordBody);
    return c.json({ id: allowed(() => sandbox.addUser(fields)) }, 201);
  });
  controls.patch('/users/:id', async (c) => {
    const { fields } = await controlBody(c, recordBody);
    allowed(() => sandbox.editUser(id(c), fields));
    return c.body(null, 204);
  });
  controls.post('/fields', async (c) => {
    const asked = await controlBody(c, customFieldSchema);
    allowed(() => sandbox.addField(asked));
    return c.json({ object: asked.object, name: asked.name }, 201);
  });
  controls.patch('/fields/:type/:name', async (c) => {
    const { hidden } = await controlBody(c, z.strictObject({ hidden: z.boolean() }));
    allowed(() => sandbox.hideField(type(c), c.req.param('name'), hidden));
    return c.body(null, 204);
  });
  controls.put('/formulas/:type/:id', async (c) => {
    const { name, value } = await controlBody(c, formulaBody);
    allowed(() => sandbox.setFormulaResult(type(c), id(c), name, value));
    return c.body(null, 204);
  });
  controls.get('/validation-rules', (c) => c.json({ rules: sandbox.rules.remaining() }));
  controls.put('/validation-rules', async (c) => {
    sandbox.rules.set(await controlBody(c, z.array(validationRuleSchema)));
    return c.json({ rules: sandbox.rules.remaining() });
  });

  controls.put('/page-size', async (c) => {
    const { size } = await controlBody(c, z.strictObject({ size: z.int().min(1).max(2000).nullable() }));
    sandbox.setPageSize(size ?? undefined);
    return c.body(null, 204);
  });
  controls.put('/query-locators', async (c) => {
    await controlBody(c, z.strictObject({ expireAll: z.literal(true) }));
    sandbox.expireLocators();
    return c.body(null, 204);
  });
  controls.put('/tokens', async (c) => {
    const { expireAll, refuseAll, jwt } = await controlBody(c, tokensBody);
    if (expireAll) sandbox.expireTokens();
    if (refuseAll !== undefined) sandbox.refuseTokens(refuseAll);
    if (jwt !== undefined) sandbox.issueJwts(jwt);
    return c.body(null, 204);
  });
  controls.post('/refresh-tokens', (c) => c.json({ refreshToken: sandbox.handOutRefreshToken() }, 201));
  controls.get('/duplicate-rules', (c) => c.json({ rules: sandbox.duplicates.all() }));
  controls.put('/duplicate-rules', async (c) => {
    sandbox.duplicates.set(await controlBody(c, z.array(duplicateRuleSchema)));
    return c.json({ rules: sandbox.duplicates.all() });
  });

  controls.put('/visibility', async (c) => {
    const { delayMs } = await controlBody(c, z.strictObject({ delayMs: z.int().min(0).max(3_600_000) }));
    sandbox.delayCommits(delayMs);
    return c.body(null, 204);
  });
  controls.post('/transactions', (c) => c.json({ transaction: sandbox.openTransaction() }, 201));
  controls.delete('/transactions/:id', (c) => {
    if (!sandbox.commitTransaction(id(c))) throw new ControlRefused(404, `No transaction ${id(c)} is open.`);
    return c.body(null, 204);
  });
}

/** What Salesforce would refuse is refused with its code and text. */
function allowed<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    throw new ControlRefused(error.status === 404 ? 404 : 400, `${error.code}: ${error.message}`);
  }
}
