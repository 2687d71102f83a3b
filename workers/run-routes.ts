import { Hono } from 'hono';
import { z } from 'zod';
import { mostIds } from '../activities/hand-over.ts';
import { previewRequest, type RetryPage, type RunDetail, type RunView, type WorkflowView } from '../client/answers.ts';
import { systems } from '../core/record-ref.ts';
import type { Ledger, Run } from '../ledger/index.ts';
import { pollChangesId, segmentWatchId } from '../workflows/ids.ts';
import { runKinds } from '../workflows/run-messages.ts';
import { knownObject, Refusal, settingsThatRun } from './refusal.ts';
import { checked, checkedBody, limitedTo } from './request-body.ts';
import { type PreviewDeps, previewRun } from './run-preview.ts';

export interface RunRoutesDeps extends PreviewDeps {
  readonly installation: string;
}

const rowsShown = 100;
const requestLimitBytes = 64 * 1024;

const retryQuery = z.object({ run: z.string(), system: z.enum(systems), after: z.string().optional() });

const listQuery = z.object({
  kind: z.enum(runKinds).optional(),
  object: z.string().optional(),
  state: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(50),
});

/** Runs: what one would look at, which there are and what they came to; schedules; and which workflows can be paused. */
export function runRoutes({ installation, ...deps }: RunRoutesDeps): Hono {
  const { ledger } = deps;
  const app = new Hono();
  app.post('/runs/preview', limitedTo(requestLimitBytes, 'A request'), async (c) =>
    c.json(await previewRun(deps, await checkedBody(c, previewRequest))),
  );
  app.get('/runs', async (c) => {
    const { kind, object, state, limit } = checked(listQuery, c.req.query());
    const filter = { ...(kind && { kind }), ...(object && { object }), ...(state && { state }), limit };
    return c.json({ runs: (await ledger.runs.list(filter)).map(runView) });
  });
  app.get('/run-retries', async (c) => {
    const { run: id, system, after } = checked(retryQuery, c.req.query());
    const run = await ledger.runs.get(id);
    if (!run?.object) throw noSuchRun(id);
    const ids = await ledger.runs.toRetry(id, system, after, mostIds);
    return c.json({
      object: run.object,
      ids,
      after: ids.length < mostIds ? null : (ids.at(-1) ?? null),
    } satisfies RetryPage);
  });
  app.get('/runs/:id{.+}', async (c) => {
    const id = c.req.param('id');
    const run = await ledger.runs.get(id);
    if (!run) throw noSuchRun(id);
    const rows = await ledger.runs.rows(id, rowsShown + 1);
    return c.json({
      ...runView(run),
      rows: rows.slice(0, rowsShown),
      moreRows: rows.length > rowsShown,
    } satisfies RunDetail);
  });
  app.get('/schedules', async (c) => c.json({ schedules: (await settingsThatRun(ledger)).settings.schedules ?? [] }));
  app.get('/workflows', async (c) =>
    c.json({ workflows: await pausable(ledger, installation, c.req.query('object')) }),
  );
  return app;
}

const noSuchRun = (id: string): Refusal =>
  new Refusal(404, 'NoSuchRun', `There is no run "${id}": \`tandem run list\` shows those that are.`);

const runView = ({ id, kind, object, name, state, counts, startedAt, endedAt }: Run): RunView => ({
  id,
  // An id is that of the workflow, and behind it that of the execution.
  workflowId: id.slice(0, id.lastIndexOf('/')),
  kind,
  object,
  name,
  state,
  counts,
  startedAt,
  endedAt,
});

/** Workflows that a pause of one object, or of everything, is sent to. The polls serve all objects. */
async function pausable(ledger: Ledger, installation: string, object: string | undefined): Promise<WorkflowView[]> {
  const { settings } = await settingsThatRun(ledger);
  const objects = object === undefined ? Object.values(settings.objects) : [knownObject(settings, object)];
  const watches = objects.flatMap(({ name, segments }) =>
    [...segments.include, ...segments.exclude].map((id) => ({
      workflowId: segmentWatchId(installation, id),
      kind: 'watch',
      object: name,
    })),
  );
  const polls = (['hubspot', 'salesforce'] as const).map((system) => ({
    workflowId: pollChangesId(installation, system),
    kind: 'poll',
    object: null,
  }));
  const running = await ledger.runs.list({ ...(object !== undefined && { object }), state: 'running', limit: 1_000 });
  return [
    ...(object === undefined ? polls : []),
    ...watches,
    ...running.map(runView).map(({ workflowId, kind, object: of }) => ({ workflowId, kind, object: of })),
  ];
}
