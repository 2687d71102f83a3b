import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono, type MiddlewareHandler } from 'hono';
import type { ExplanationView, HealthView, RunningSettings } from '../client/answers.ts';
import { failures } from '../core/failures.ts';
import { BadRef, checkRef, type RecordRef } from '../core/record-ref.ts';
import { VendorError } from '../crm/types.ts';
import type { Ledger } from '../ledger/index.ts';
import { type Health, healthRoutes, readiness } from './health-routes.ts';
import { pairingRoutes } from './pairing-routes.ts';
import { explainRecord, viewRecord, waitView, workflowOf } from './record-view.ts';
import { Refusal, settingsThatRun } from './refusal.ts';
import { limitedTo } from './request-body.ts';
import { type RunRoutesDeps, runRoutes } from './run-routes.ts';
import type { Secret } from './secret.ts';
import { type SegmentRoutesDeps, segmentRoutes } from './segment-routes.ts';
import { type WebhookCounts, type WebhookDeps, webhookRoutes } from './webhook-routes.ts';

export interface HttpServiceDeps extends Health, Omit<RunRoutesDeps, 'hubspot'>, Omit<SegmentRoutesDeps, 'hubspot'> {
  readonly hubspot: RunRoutesDeps['hubspot'] & SegmentRoutesDeps['hubspot'];
  readonly token: Secret;
  /** Left out where no client secret is known: notices are then refused. */
  readonly webhooks?: WebhookDeps | undefined;
}

/** Larger than any settings, small enough to keep in memory. */
const draftLimitBytes = 1024 * 1024;
const overdueShown = 50;

/**
 * Tandem's HTTP service: answers out of the ledger and takes drafts. Nothing here changes what syncs. Every refusal is
 * JSON with a stable name and a sentence.
 */
export function createHttpService(deps: HttpServiceDeps): Hono {
  const app = new Hono();
  app.onError((error, c) => {
    const refusal = refusalOf(error);
    if (!refusal) deps.log(error);
    const { status, name, message } =
      refusal ?? new Refusal(500, 'Unexpected', 'Something went wrong inside the service: its log says what.');
    return c.json({ error: { name, message } }, status);
  });
  app.notFound((c) =>
    c.json({ error: { name: 'NotFound', message: `There is nothing at ${c.req.method} ${c.req.path}.` } }, 404),
  );

  app.route('/', healthRoutes(deps));
  const counts: WebhookCounts = { taken: 0, repeated: 0, refused: 0 };
  if (deps.webhooks) app.route('/webhooks', webhookRoutes(deps.ledger, deps.webhooks, counts));
  else {
    app.all('/webhooks/*', () => {
      throw new Refusal(
        503,
        'NoClientSecret',
        'Notices are not taken: set HUBSPOT_CLIENT_SECRET, which they are checked by.',
      );
    });
  }
  app.use('/api/*', bearer(deps.token));
  app.route('/api', api(deps, counts));
  return app;
}

function api(deps: HttpServiceDeps, webhooks: WebhookCounts): Hono {
  const { ledger, installation } = deps;
  const app = new Hono();
  app.route('/', runRoutes(deps));
  app.route('/segments', segmentRoutes(deps));
  app.route('/records', pairingRoutes(ledger));
  app.post('/drafts', limitedTo(draftLimitBytes, 'A draft'), async (c) => {
    const text = await c.req.text();
    // PostgreSQL keeps no NUL in a text.
    if (text.trim() === '' || text.includes('\0'))
      throw new Refusal(400, 'BadDraft', 'A draft is a text that is not empty.');
    return c.json({ draft: await ledger.settings.saveDraft(text) }, 201);
  });
  app.get('/settings', async (c) => {
    const { version, draft, activatedAt, yaml } = await settingsThatRun(ledger);
    return c.json({ version, draft, activatedAt, yaml } satisfies RunningSettings);
  });
  app.get('/records/:object/:system/:id', async (c) =>
    c.json(await viewRecord(ledger, installation, await knownRef(ledger, c.req.param()))),
  );
  app.get('/records/:object/:system/:id/workflow', async (c) =>
    c.json(await workflowOf(ledger, installation, await knownRef(ledger, c.req.param()))),
  );
  app.get('/records/:object/:system/:id/explanation', async (c) =>
    c.json((await explainRecord(ledger, await knownRef(ledger, c.req.param()))) satisfies ExplanationView),
  );
  app.get('/health', async (c) => {
    const [problems, current, counts, overdue] = await Promise.all([
      readiness(deps),
      ledger.settings.current(),
      ledger.counts(),
      ledger.waits.overdue(overdueShown),
    ]);
    const compared = Object.keys(current?.settings.objects ?? {}).map(async (object) => {
      const [last] = await ledger.runs.list({ kind: 'reconcile', object, state: 'done', limit: 1 });
      return { object, at: last?.startedAt ?? null };
    });
    const settings = current ? { version: current.version, activatedAt: current.activatedAt } : null;
    return c.json({
      installation,
      problems: [...problems],
      settings,
      counts,
      compared: await Promise.all(compared),
      overdue: overdue.map(waitView),
      ...(deps.webhooks && { webhooks }),
    } satisfies HealthView);
  });
  return app;
}

/** Checks a ref against the objects of the settings that run. */
async function knownRef(ledger: Ledger, param: Readonly<Record<string, string>>): Promise<RecordRef> {
  return checkRef(param, Object.keys((await settingsThatRun(ledger)).settings.objects));
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  if (error instanceof VendorError) {
    return new Refusal(502, error.name, `${error.message}. ${failures[error.category].says}`);
  }
  return error instanceof BadRef ? new Refusal(400, error.name, error.message) : undefined;
}

/** Compares digests, so that neither the time nor the length of an answer tells anything of the token. */
function bearer(token: Secret): MiddlewareHandler {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(`Bearer ${token.reveal()}`);
  return async (c, next) => {
    if (!timingSafeEqual(digest(c.req.header('authorization') ?? ''), expected)) {
      throw new Refusal(401, 'Unauthorized', "Send the service's token: Authorization: Bearer {TANDEM_API_TOKEN}.");
    }
    await next();
  };
}
