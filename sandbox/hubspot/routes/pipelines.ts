import type { Account } from '../account.ts';
import type { Context, Endpoint } from '../endpoint.ts';
import { defaultPipelines, type Pipeline, pipelineJson, stageJson } from '../pipelines.ts';
import { iso } from '../record.ts';
import { Refusal } from '../refusal.ts';

/** `/crm/v3/pipelines/{type}`: pipelines of deals and tickets, for reading. */
export function pipelineEndpoints(account: Account): Endpoint[] {
  const stamp = iso(account.createdAt);
  const missing = () => new Refusal(404, { message: 'resource not found' });

  function pipelinesOf(c: Context): readonly Pipeline[] {
    const { name } = account.recordsOf(c.req.param('type') ?? '').type;
    // Our choice: a type without pipelines has none.
    return name === 'deals' || name === 'tickets' ? defaultPipelines[name] : [];
  }

  function pipelineOf(c: Context): { readonly pipeline: Pipeline; readonly place: number } {
    const pipelines = pipelinesOf(c);
    const place = pipelines.findIndex(({ id }) => id === c.req.param('pipelineId'));
    const pipeline = pipelines[place];
    if (!pipeline) throw missing();
    return { pipeline, place };
  }

  function readStage(c: Context): Response {
    const { stages } = pipelineOf(c).pipeline;
    const place = stages.findIndex(({ id }) => id === c.req.param('stageId'));
    const stage = stages[place];
    if (!stage) throw missing();
    return c.json(stageJson(stage, place, stamp));
  }

  const path = '/crm/v3/pipelines/:type';
  return [
    {
      method: 'GET',
      path,
      answer: (c) => c.json({ results: pipelinesOf(c).map((pipeline, i) => pipelineJson(pipeline, i, stamp)) }),
    },
    {
      method: 'GET',
      path: `${path}/:pipelineId`,
      answer: (c) => {
        const { pipeline, place } = pipelineOf(c);
        return c.json(pipelineJson(pipeline, place, stamp));
      },
    },
    {
      method: 'GET',
      path: `${path}/:pipelineId/stages`,
      answer: (c) => c.json({ results: pipelineOf(c).pipeline.stages.map((stage, i) => stageJson(stage, i, stamp)) }),
    },
    { method: 'GET', path: `${path}/:pipelineId/stages/:stageId`, answer: readStage },
  ];
}
