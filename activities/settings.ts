import { setTimeout } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/activity';
import { unknownOwners } from '../core/owners.ts';
import { type Catalog, catalogNeeds } from '../core/settings/catalog.ts';
import { checkAgainst } from '../core/settings/check.ts';
import { withLines } from '../core/settings/lines.ts';
import { parseSettings } from '../core/settings/parse.ts';
import type { Problem } from '../core/settings/problem.ts';
import type { Settings } from '../core/settings/settings.ts';
import { pollChangesId, segmentWatchId, taskQueue } from '../workflows/ids.ts';
import {
  type ApplySettingsInput,
  type ApplySettingsResult,
  lookNowSignal,
  type PollChangesInput,
  type SegmentWatchInput,
  searchAttributes,
} from '../workflows/messages.ts';
import type { Engine } from './engine.ts';
import type { HandOver } from './hand-over.ts';
import { type EnabledAt, enabledAtCursor, runningSettings } from './running.ts';
import { arrangeSchedules } from './schedules.ts';

/**
 * Checks a draft, offline and against both systems, and makes it the running version. With any problem nothing changes
 * and all problems come back.
 */
export async function activateSettings(engine: Engine, input: ApplySettingsInput): Promise<ApplySettingsResult> {
  const { settings: store } = engine.ledger;
  const draft = await store.draft(input.draft);
  if (!draft) throw ApplicationFailure.nonRetryable(`There is no draft ${input.draft}: save one first.`, 'NoSuchDraft');
  const parsed = parseSettings(draft.text);
  if (!parsed.readable) return { applied: false, problems: parsed.problems };
  const catalog = await readCatalog(engine, parsed.readable);
  const { settings, problems } = checkAgainst(parsed.readable, catalog);
  const asked = [...(await conditionProblems(engine, settings)), ...(await ownerProblems(engine, settings))];
  const all = [...parsed.problems, ...withLines(draft.text, [...problems, ...asked])];
  if (all.length > 0) return { applied: false, problems: all };
  await enable(engine, settings);
  const replaces = input.replaces ?? undefined;
  const result = await store.activate({ draft: input.draft, replaces, settings, catalog });
  if ('version' in result) return { applied: true, version: result.version };
  return {
    applied: false,
    problems: [
      {
        path: '',
        found: `version ${result.conflict ?? 'none'} runs`,
        expected: `version ${replaces ?? 'none'}, from which this draft was made: look at \`tandem settings show\` and apply again`,
      },
    ],
  };
}

/** What Salesforce says against the SOQL conditions, in its own words: the settings' writer knows them anyway. */
async function conditionProblems(engine: Pick<Engine, 'salesforce'>, settings: Settings): Promise<Problem[]> {
  const problems: Problem[] = [];
  for (const { name, salesforce } of Object.values(settings.objects)) {
    for (const [type, where] of Object.entries(salesforce.where ?? {})) {
      const words = await engine.salesforce.reader.whereProblem(type, where);
      if (words === undefined) continue;
      problems.push({
        path: `objects.${name}.salesforce.where.${type}`,
        found: where,
        expected: `a condition that Salesforce takes, which says: ${words.trim().replaceAll(/\s+/g, ' ')}`,
      });
    }
  }
  return problems;
}

async function ownerProblems(engine: Pick<Engine, 'hubspot' | 'salesforce'>, settings: Settings): Promise<Problem[]> {
  const objects = Object.values(settings.objects).filter(({ owner }) => owner && Object.keys(owner.table).length > 0);
  if (objects.length === 0) return [];
  const owners = { hubspot: await engine.hubspot.reader.owners(), salesforce: await engine.salesforce.reader.owners() };
  return objects.flatMap(({ name, owner }) =>
    unknownOwners(owners, owner?.table ?? {}).map(({ key, name: found, side }) => ({
      path: `objects.${name}.owner.table.${key}`,
      found,
      expected: side === 'hubspot' ? 'an owner in HubSpot' : 'an active user or a queue in Salesforce',
    })),
  );
}

/** What both systems offer of what the settings name. */
export async function readCatalog(
  engine: Pick<Engine, 'hubspot' | 'salesforce'>,
  settings: Settings,
): Promise<Catalog> {
  const needs = catalogNeeds(settings);
  const { reader: hubspot } = engine.hubspot;
  const { reader: salesforce } = engine.salesforce;
  const catalog = {
    hubspot: {} as Record<string, Catalog['hubspot'][string]>,
    salesforce: {} as Record<string, Catalog['salesforce'][string]>,
  };
  for (const type of needs.hubspot) {
    const properties = await hubspot.properties(type);
    if (properties.size > 0) catalog.hubspot[type] = Object.fromEntries(properties);
  }
  for (const type of needs.salesforce) {
    const fields = await salesforce.fields(type);
    if (fields.size > 0) catalog.salesforce[type] = Object.fromEntries(fields);
  }
  const segments = new Map((await hubspot.segments(needs.segmentIds)).entries());
  for (const typeId of needs.segmentTypeIds) {
    for (const segment of await hubspot.listSegments(typeId)) segments.set(segment.id, segment);
  }
  const plain = [...segments.values()].map(({ id, name, objectTypeId, processingType }) => ({
    id,
    name,
    objectTypeId,
    processingType,
  }));
  const { timeZone } = await hubspot.account();
  return { ...catalog, segments: plain, timeZone };
}

/**
 * Notes when each object that does not run yet is enabled, by each system's clock. Their clocks show whole seconds here,
 * so that is the next one, and this waits for it: what was edited before is no change, what comes after the answer is.
 */
async function enable(engine: Engine, settings: Settings): Promise<void> {
  const running = await runningSettings(engine.ledger);
  const before = Object.entries(running?.enabledAt ?? {}).filter(([name]) => running?.settings.objects[name]);
  const known = Object.fromEntries(before);
  const fresh = Object.keys(settings.objects).filter((name) => !known[name]);
  if (fresh.length === 0) return;
  const clocks = async (): Promise<EnabledAt> => ({
    hubspot: await engine.hubspot.reader.now(),
    salesforce: await engine.salesforce.reader.now(),
  });
  const now = await clocks();
  const next = (time: string): string => new Date(Date.parse(time) + 1000).toISOString();
  const start: EnabledAt = { hubspot: next(now.hubspot), salesforce: next(now.salesforce) };
  for (let at = now; at.hubspot < start.hubspot || at.salesforce < start.salesforce; at = await clocks()) {
    await setTimeout(250);
  }
  const all = { ...known, ...Object.fromEntries(fresh.map((name) => [name, start])) };
  await engine.ledger.cursors.put(enabledAtCursor, all);
}

/**
 * Starts what the running settings need and is not running, and lets go of segments that are no longer chosen: their
 * watches end by themselves, and the records that waited for them look again.
 */
export async function arrangeWorkflows(engine: Engine, to: HandOver): Promise<void> {
  const running = await runningSettings(engine.ledger);
  if (!running) return;
  const { client, installation, timing } = to;
  const queue = taskQueue(installation, 'live');
  for (const system of ['hubspot', 'salesforce'] as const) {
    const args: [PollChangesInput] = [{ system }];
    await client.workflow.signalWithStart('pollChanges', {
      workflowId: pollChangesId(installation, system),
      taskQueue: queue,
      args,
      staticSummary: `Changes in ${system === 'hubspot' ? 'HubSpot' : 'Salesforce'}`,
      signal: lookNowSignal,
      signalArgs: [],
    });
  }
  await arrangeSchedules(to, running.settings.schedules ?? []);
  const chosen = new Map<string, string>();
  for (const { name, segments } of Object.values(running.settings.objects)) {
    for (const id of [...segments.include, ...segments.exclude]) chosen.set(id, name);
  }
  for (const { segmentId } of await engine.ledger.segments.list()) {
    if (chosen.has(segmentId)) continue;
    await engine.ledger.segments.remove(segmentId);
    await releaseWaits(engine, segmentId, running.version);
  }
  for (const [segmentId, object] of chosen) {
    if (!(await engine.ledger.segments.get(segmentId))) await engine.ledger.segments.put(segmentId, object, null);
    const args: [SegmentWatchInput] = [{ segmentId, timing }];
    await client.workflow.signalWithStart('segmentWatch', {
      workflowId: segmentWatchId(installation, segmentId),
      taskQueue: queue,
      args,
      staticSummary: `Segment ${segmentId} of ${object}`,
      typedSearchAttributes: [
        { key: searchAttributes.object, value: object },
        { key: searchAttributes.segmentId, value: segmentId },
      ],
      signal: lookNowSignal,
      signalArgs: [],
    });
  }
}

async function releaseWaits(engine: Engine, segmentId: string, version: number): Promise<void> {
  let after: Awaited<ReturnType<typeof engine.ledger.waits.bySegment>>[number]['ref'] | undefined;
  for (;;) {
    const waits = await engine.ledger.waits.bySegment(segmentId, after);
    const last = waits.at(-1);
    if (!last) return;
    after = last.ref;
    await engine.handOver(waits.map(({ ref }) => ({ ref, id: `settings/${version}/${segmentId}` })));
  }
}
