import { ApplicationFailure } from '@temporalio/activity';
import { failureClass } from '../../core/failures.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import { VendorError } from '../../crm/types.ts';
import type { BeginRun, BegunRun, Phase } from '../../workflows/run-messages.ts';
import type { Engine } from '../engine.ts';
import { runningSettings } from '../running.ts';
import { conditionOf } from './condition.ts';

/**
 * Notes the begin of a run and chooses its phases from the settings. Refuses, before anything is touched, an object
 * that the settings don't have and a segment that can't be read.
 */
export async function beginRun(engine: Engine, input: BeginRun): Promise<BegunRun> {
  const running = await runningSettings(engine.ledger);
  const objects = running?.settings.objects ?? {};
  const object = Object.hasOwn(objects, input.object) ? objects[input.object] : undefined;
  if (!object) {
    const known = Object.keys(objects).join(', ') || 'none';
    throw refused(`"${input.object}" is not in the settings; known: ${known}.`);
  }
  const phases = await phasesOf(engine, input, object);
  await engine.ledger.runs.start({ id: input.runId, kind: input.kind, object: input.object, name: input.name });
  return { phases };
}

const refused = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'Refused');

async function phasesOf(engine: Engine, input: BeginRun, object: ObjectSettings): Promise<Phase[]> {
  const { types } = object.salesforce;
  switch (input.kind) {
    case 'import': {
      const { draft } = input;
      const totals = await countEach(engine, types, draft);
      const over = (mode: Phase['mode'], name: string): Phase[] =>
        types.map((type) => ({
          name: `${name}, ${type}`,
          mode,
          source: { kind: 'salesforce', type, draft },
          total: totals.get(type) ?? null,
        }));
      const second = object.gate.importEvaluation === 'projected' ? 'projected' : 'full';
      return [...over('identity', 'identity'), ...over(second, 'full fields')];
    }
    case 'resync': {
      const segments = input.segmentId === null ? object.segments.include : [input.segmentId];
      if (segments.length === 0) throw refused(`${object.name} has no segment: name one.`);
      const sizes = await sizesOf(engine, object, segments);
      return segments.map((segmentId) => ({
        name: `segment ${segmentId}`,
        mode: 'full',
        source: { kind: 'members', segmentId },
        total: sizes.get(segmentId) ?? null,
      }));
    }
    case 'catchUp': {
      const { given } = input;
      if (!given) return [];
      const { system, count } = given;
      return [{ name: 'changes', mode: 'full', source: { kind: 'given', system }, total: count }];
    }
    case 'reconcile':
      return [
        { name: 'pairs', mode: 'full', source: { kind: 'pairs' }, total: null },
        ...[
          { system: 'hubspot', type: object.hubspot.type } as const,
          ...types.map((type) => ({ system: 'salesforce', type }) as const),
        ].map(
          ({ system, type }): Phase => ({
            name: `unseen, ${type}`,
            mode: 'full',
            source: { kind: 'unseen', system, type },
            total: null,
          }),
        ),
        { name: 'never in step', mode: 'full', source: { kind: 'neverInStep' }, total: null },
      ];
  }
}

/** How many members each segment has, where HubSpot tells. Refuses one that can't be read now. */
async function sizesOf(
  engine: Engine,
  object: ObjectSettings,
  ids: readonly string[],
): Promise<Map<string, number | undefined>> {
  const found = await engine.hubspot.reader.segments(ids);
  for (const id of ids) {
    const segment = found.get(id);
    if (!segment) throw refused(`Segment ${id} does not exist in HubSpot, or can't be read with this token.`);
    if (segment.objectTypeId !== object.hubspot.typeId) throw refused(`Segment ${id} is not one of ${object.name}.`);
    if (segment.processingStatus !== 'COMPLETE') {
      throw refused(
        `HubSpot is still evaluating segment ${id} (${segment.processingStatus}): start again when it is done.`,
      );
    }
  }
  return new Map([...found].map(([id, { size }]) => [id, size]));
}

/** How many records of each type an import will see. A condition that Salesforce does not take is refused. */
async function countEach(engine: Engine, types: readonly string[], draft: number | null): Promise<Map<string, number>> {
  const where = await conditionOf(engine, draft);
  const counts = new Map<string, number>();
  for (const type of types) {
    try {
      counts.set(type, await engine.salesforce.reader.count(type, where));
    } catch (error) {
      if (!(error instanceof VendorError) || failureClass(error.category) === 'retrySoon') throw error;
      throw refused(`${type}: ${error.message}`);
    }
  }
  return counts;
}
