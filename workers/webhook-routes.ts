import { Hono } from 'hono';
import { z } from 'zod';
import type { Engine } from '../activities/engine.ts';
import { handOverNotices } from '../activities/inbox.ts';
import { type Notice, noticesOf, webhookEvents } from '../core/webhook-events.ts';
import type { Ledger } from '../ledger/index.ts';
import { Refusal, settingsThatRun } from './refusal.ts';
import { limitedTo } from './request-body.ts';
import type { Secret } from './secret.ts';
import { isSigned, isSignedAction, type Signatures, type SignedRequest } from './webhook-signature.ts';

export interface WebhookDeps {
  /** The app's client secret. */
  readonly secret: Secret;
  /** The service's address as HubSpot knows it: a proxy rewrites host and scheme. */
  readonly publicUrl: string;
  readonly accepts: Signatures;
  readonly portalId: string;
  readonly handOver: Engine['handOver'];
  readonly segmentReevaluated: (segmentId: string, ref: Notice['ref']) => Promise<void>;
  readonly nowMs: () => number;
  readonly log: (error: unknown) => void;
}

export interface WebhookCounts {
  taken: number;
  repeated: number;
  refused: number;
}

const mostBytes = 1024 * 1024;
const mostEvents = 100;
const actionBody = z.looseObject({ objectId: z.union([z.number(), z.string().regex(/^\d+$/)]) });

/**
 * HubSpot's notices: checked by their signature on the raw bytes, stored, answered, and handed over after. What can't be
 * stored is not answered with success, so that HubSpot sends it again.
 */
export function webhookRoutes(ledger: Ledger, deps: WebhookDeps, counts: WebhookCounts): Hono {
  const app = new Hono();
  const limit = limitedTo(mostBytes, 'A notice');
  const refuse = (): Refusal => {
    counts.refused += 1;
    return new Refusal(401, 'Unauthorized', 'The signature is not right.');
  };
  const signed = async (request: Request): Promise<SignedRequest> => {
    const { pathname, search } = new URL(request.url);
    const url = `${deps.publicUrl.replace(/\/$/, '')}${pathname}${search}`;
    return { method: request.method, url, body: await request.text(), headers: request.headers };
  };

  app.post('/hubspot', limit, async (c) => {
    const request = await signed(c.req.raw);
    if (!isSigned(request, deps.secret.reveal(), deps.accepts, deps.nowMs())) throw refuse();
    const events = parsed(webhookEvents.max(mostEvents), request.body);
    const { settings } = await settingsThatRun(ledger);
    const notices = noticesOf(events, settings, deps.portalId);
    const fresh = await ledger.inbox.store(notices);
    counts.taken += fresh.length;
    counts.repeated += notices.length - fresh.length;
    // The answer does not wait: what is left behind here is found by the sweep.
    void handOverNotices({ ledger, handOver: deps.handOver }, fresh).catch(deps.log);
    return c.body(null, 204);
  });

  app.post('/hubspot/reevaluated/:segmentId', limit, async (c) => {
    const request = await signed(c.req.raw);
    if (!isSignedAction(request, deps.secret.reveal())) throw refuse();
    const { objectId } = parsed(actionBody, request.body);
    const segmentId = c.req.param('segmentId');
    const { settings } = await settingsThatRun(ledger);
    const object = Object.values(settings.objects).find(({ segments }) =>
      [...segments.include, ...segments.exclude].includes(segmentId),
    );
    if (!object) throw new Refusal(404, 'UnknownSegment', `Segment ${segmentId} is chosen for no object.`);
    await deps.segmentReevaluated(segmentId, { system: 'hubspot', object: object.name, id: String(objectId) });
    return c.body(null, 204);
  });
  return app;
}

function parsed<T extends z.ZodType>(schema: T, text: string): z.output<T> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Refusal(400, 'BadNotice', 'The body is no JSON.');
  }
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Refusal(400, 'BadNotice', `The notice is not as expected at ${issue?.path.join('.') || 'its top'}.`);
}
