import { refKey } from '../../core/record-ref.ts';
import type { IdSource, ReadIds, ReadIdsResult } from '../../workflows/run-messages.ts';
import type { Engine } from '../engine.ts';
import { runningSettings } from '../running.ts';
import { conditionOf } from './condition.ts';

/** Id pages are read at the vendors' largest size and cut afterwards. */
const salesforcePage = 2_000;
const ledgerPage = 2_000;

/** Reads the next ids of a phase, in an order that does not change while it runs. */
export async function readIds(engine: Engine, { object, source, cursor }: ReadIds): Promise<ReadIdsResult> {
  switch (source.kind) {
    case 'salesforce': {
      const where = await conditionOf(engine, source.draft);
      const ids = await engine.salesforce.reader.ids(source.type, where, cursor ?? undefined, salesforcePage);
      return { ids, next: ids.length < salesforcePage ? null : (ids.at(-1) ?? null) };
    }
    case 'members': {
      const { ids, next } = await engine.hubspot.reader.members(source.segmentId, cursor ?? undefined);
      return { ids, next: next ?? null };
    }
    case 'pairs': {
      const ids = await engine.ledger.pairs.withBase(object, cursor ?? undefined, ledgerPage);
      return { ids, next: ids.length < ledgerPage ? null : (ids.at(-1) ?? null) };
    }
    case 'given':
      return { ids: [], next: null };
    case 'unseen':
      return await readUnseen(engine, object, source, cursor);
    case 'neverInStep':
      return { ids: [], next: null, counts: await countNeverInStep(engine, object) };
  }
}

/** By type, how many records have no pair that was ever in step. What comes and goes meanwhile makes it a little wrong. */
async function countNeverInStep(engine: Engine, objectName: string): Promise<Record<string, number>> {
  const object = (await runningSettings(engine.ledger))?.settings.objects[objectName];
  if (!object) return {};
  const inStep = await engine.ledger.pairs.inStepByType(objectName);
  const { type } = object.hubspot;
  const pairs = [...inStep.values()].reduce((sum, n) => sum + n, 0);
  const left = { [`leftAlone:${type}`]: (await engine.hubspot.reader.count(type)) - pairs };
  for (const salesforceType of object.salesforce.types) {
    const all = await engine.salesforce.reader.count(salesforceType);
    left[`leftAlone:${salesforceType}`] = all - (inStep.get(salesforceType) ?? 0);
  }
  return left;
}

/** Edits since the object was enabled that no decision rests on: their notice was lost, or nobody has come to them. */
async function readUnseen(
  engine: Engine,
  object: string,
  { system, type }: Extract<IdSource, { kind: 'unseen' }>,
  cursor: string | null,
): Promise<ReadIdsResult> {
  const running = await runningSettings(engine.ledger);
  const enabledAt = running?.enabledAt[object]?.[system];
  if (!enabledAt) return { ids: [], next: null };
  const [since = enabledAt, afterId] = cursor?.split(' ') ?? [];
  const reader = system === 'hubspot' ? engine.hubspot.reader : engine.salesforce.reader;
  const { rows, more } = await reader.changedSince(type, since, afterId);
  const seen = await engine.ledger.decisions.latest(rows.map(({ id }) => ({ system, object, id })));
  const ids = rows.filter(({ id, modifiedAt }) => {
    const changedAt = seen.get(refKey({ system, object, id }))?.changedAt;
    return changedAt === undefined || Date.parse(changedAt) < Date.parse(modifiedAt);
  });
  const last = rows.at(-1);
  return { ids: ids.map(({ id }) => id), next: more && last ? `${last.modifiedAt} ${last.id}` : null };
}
