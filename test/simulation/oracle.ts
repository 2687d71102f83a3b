import { sql } from 'kysely';
import type { Outcome } from '../../core/outcome.ts';
import { otherSystem, type RecordRef, refKey, type System } from '../../core/record-ref.ts';
import type { SimulatedLedger } from './ledger.ts';
import { type Edit, type People } from './people.ts';
import { fields, nameIn } from './plan.ts';
import type { World } from './world.ts';

/** Where an edit ended. The last four are no places to end; `inWriteWindow` is, for batches alone, and is counted apart. */
export const places = [
  'onBothSides',
  'superseded',
  'heldByRule',
  'listed',
  'outsideTheGate',
  'inWriteWindow',
  'lost',
  'unequal',
  'reverted',
  'stillWaiting',
] as const;
export type Place = (typeof places)[number];
const noPlaces: readonly Place[] = places.slice(6);

interface Side {
  readonly hubspot: ReadonlyMap<string, Readonly<Record<string, string | null>>>;
  readonly salesforce: ReadonlyMap<string, Readonly<Record<string, string | null>>>;
}

interface WriteRow {
  readonly system: System;
  readonly recordId: string | null;
  readonly counterpartId: string | null;
  readonly kind: string;
  readonly before: Record<string, unknown>;
  readonly basis: string;
  readonly owner: string;
  readonly attempt: number;
  readonly at: Date | string;
}

/** What is found when everything rests: faults by name, and counts. */
export interface Finding {
  readonly faults: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

/** Judges a history that has come to rest by the systems' own records and the ledger. */
export async function judge(world: World, people: People, database: SimulatedLedger): Promise<Finding> {
  const { db, ledger } = database;
  const faults: string[] = world.temporal.failures.map((text) => `a workflow failed: ${text}`);
  const counts: Record<string, number> = {};
  const add = (name: string, n = 1): void => void (counts[name] = (counts[name] ?? 0) + n);
  const { rows: pairs } = await sql<{ hubspotId: string; salesforceId: string }>`
    select hubspot_id as "hubspotId", salesforce_id as "salesforceId" from pairs where ended_at is null`.execute(db);
  const { rows: conflicts } = await sql<{ field: string; lost: string | null; recordId: string }>`
    select field, lost, record_id as "recordId" from conflicts`.execute(db);
  const { rows: writes } = await sql<WriteRow>`
    select system, record_id as "recordId", counterpart_id as "counterpartId", kind, before, basis, owner, attempt,
      intended_at as at from writes`.execute(db);
  const now = valuesNow(world);
  const refs: RecordRef[] = [
    ...[...now.hubspot.keys()].map((id) => ({ system: 'hubspot' as const, object: 'contacts', id })),
    ...[...now.salesforce.keys()].map((id) => ({ system: 'salesforce' as const, object: 'contacts', id })),
  ];
  const decisions = await ledger.decisions.latest(refs);
  const outcomeOf = (system: System, id: string): Outcome | undefined =>
    decisions.get(refKey({ system, object: 'contacts', id }))?.outcome;

  for (const [index, edit] of people.edits.entries()) {
    const later = people.edits.slice(index + 1).some((other) => isSameField(edit, other));
    const place = later ? 'superseded' : placeOf(edit);
    add(place);
    if (noPlaces.includes(place)) faults.push(`${place}: ${JSON.stringify(edit)} ${about(edit)}`);
  }

  function pairOf({ system, recordId }: Edit) {
    return pairs.find((pair) => (system === 'hubspot' ? pair.hubspotId : pair.salesforceId) === recordId);
  }

  function about(edit: Edit): string {
    const pair = pairOf(edit);
    const [h, s] = pair ? [pair.hubspotId, pair.salesforceId] : [edit.recordId, edit.recordId];
    return JSON.stringify({
      pair,
      hubspot: now.hubspot.get(h)?.[edit.field],
      salesforce: now.salesforce.get(s)?.[edit.field],
      outcome: outcomeOf('hubspot', h) ?? outcomeOf(edit.system, edit.recordId),
      writes: writes.filter((row) => row.recordId === h || row.recordId === s),
    });
  }

  function placeOf(edit: Edit): Place {
    const { system, recordId, field, value } = edit;
    const own = now[system].get(recordId)?.[field] ?? null;
    const pair = pairOf(edit);
    if (own !== value) {
      if (!isTraced(edit)) return isInWriteWindow(edit) ? 'inWriteWindow' : 'lost';
      return pair && !isNews(edit, pair, own) ? 'reverted' : 'superseded';
    }
    if (!pair) return rest(outcomeOf(system, recordId));
    const other = system === 'hubspot' ? now.salesforce.get(pair.salesforceId) : now.hubspot.get(pair.hubspotId);
    if ((other?.[field] ?? null) === value) return 'onBothSides';
    const outcome = outcomeOf('hubspot', pair.hubspotId);
    if (outcome && outcome.kind !== 'synced' && outcome.kind !== 'unchanged') return rest(outcome);
    if (!crosses(edit, other?.[field] ?? null)) return 'heldByRule';
    // What somebody put there since, and what the rule keeps there.
    const theirs = { ...edit, system: otherSystem(system), value: other?.[field] ?? null };
    const theirId = system === 'hubspot' ? pair.salesforceId : pair.hubspotId;
    const put = people.edits.some(
      (one) => isSameField(one, { ...theirs, recordId: theirId }) && one.value === theirs.value,
    );
    if (put && !crosses(theirs, own)) return 'heldByRule';
    // A first sync has no base: a blank overwrites nothing.
    if (value === null && firstSyncAt(edit, pair) >= edit.at) return 'superseded';
    return 'unequal';
  }

  /** When the field's first sync was confirmed; it may be later than the pair. */
  function firstSyncAt(edit: Edit, { hubspotId }: (typeof pairs)[number]): number {
    return world.inStepSince.get(`${hubspotId}/${edit.field}`) ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a value that came over was an edit of the other side: once a pair is in step, nothing else may replace one. */
  function isNews(edit: Edit, pair: (typeof pairs)[number], value: string | null): boolean {
    // A blank may meet a first sync that is still to come, and then gives way.
    if (edit.value === null || (firstSyncAt(edit, pair) >= edit.at && value !== null)) return true;
    const theirs = { ...edit, system: otherSystem(edit.system) };
    const theirId = edit.system === 'hubspot' ? pair.salesforceId : pair.hubspotId;
    return people.edits.some((one) => isSameField(one, { ...theirs, recordId: theirId }) && one.value === value);
  }

  /** Its value is kept where it was replaced. */
  function isTraced({ system, recordId, field, value }: Edit): boolean {
    const pair = pairs.find(({ hubspotId, salesforceId }) => recordId === hubspotId || recordId === salesforceId);
    const ids = [recordId, pair?.hubspotId, pair?.salesforceId];
    if (conflicts.some((row) => ids.includes(row.recordId) && row.field === field && row.lost === value)) return true;
    const name = nameIn(system, field);
    return writes.some(
      (row) =>
        row.system === system && row.recordId === recordId && name in row.before && blank(row.before[name]) === value,
    );
  }

  /** It came between the read and the write of a batch, which is not conditional and not looked after: the guarantees say so. */
  function isInWriteWindow({ system, recordId, field, at }: Edit): boolean {
    const name = nameIn(system, field);
    return writes.some((row) => {
      if (row.system !== system || row.recordId !== recordId || !(name in row.before)) return false;
      const key = `${row.owner}#${row.attempt}`;
      const attempt = world.attempts.get(key);
      const wroteAt = world.wroteAt.get(`${system} ${key}`) ?? 0;
      return attempt?.name === 'syncPage' && attempt.startedAt <= at && at <= wroteAt;
    });
  }

  // The gate: at some moment between the reads of an attempt and its intent the record was a member.
  for (const row of writes) {
    add(`writes: ${row.basis}`);
    const hubspotId = row.system === 'hubspot' ? row.recordId : row.counterpartId;
    if (!['open', 'settled', 'noSegment'].includes(row.basis) || !hubspotId) continue;
    const from = world.attempts.get(`${row.owner}#${row.attempt}`)?.startedAt ?? 0;
    if (!wasMember(world.truth.get(hubspotId) ?? [], from, new Date(row.at).getTime())) {
      add('writes outside');
      faults.push(`written outside the segment: ${JSON.stringify(row)} ${JSON.stringify(world.truth.get(hubspotId))}`);
    }
  }

  // Members left behind: they joined by their own values, or were edited as members, under the filter as it stands.
  for (const id of now.hubspot.keys()) {
    const { member, at } = world.truth.get(id)?.at(-1) ?? { member: false, at: 0 };
    const since = people.filterEditedAt ?? people.startedAt;
    const isTouched = at > since || people.edits.some((edit) => edit.recordId === id && edit.at > since);
    const outcome = outcomeOf('hubspot', id);
    if (!member || !isTouched || outcome?.kind !== 'skipped' || outcome.reason !== 'notInSegment') continue;
    add('members left behind');
    faults.push(`left behind: HubSpot ${id} ${JSON.stringify(world.truth.get(id))}`);
  }

  const bySalesforce = Map.groupBy(world.salesforce.records('Contact'), (record) =>
    String(record['Tandem_HubSpot_Id__c'] ?? ''),
  );
  for (const [id, records] of bySalesforce) {
    if (id && records.length > 1) faults.push(`created twice in Salesforce for HubSpot ${id}`);
  }
  const byEmail = Map.groupBy(world.salesforce.records('Contact'), (record) => String(record['Email'] ?? ''));
  for (const [email, records] of byEmail) {
    const ours = records.filter((record) => record['CreatedById'] === world.salesforce.users.integration);
    if (records.length > 1 && ours.length > 0) faults.push(`created in Salesforce although it was there: ${email}`);
    const paired = records.filter((record) => pairs.some(({ salesforceId }) => salesforceId === record['Id']));
    if (paired.length > 1) faults.push(`two of one email are paired: ${email}`);
    const age = (record: (typeof records)[number]): string => String(record['CreatedDate']);
    if (records.some((record) => paired[0] && age(record) < age(paired[0])))
      faults.push(`not the oldest is paired: ${email}`);
  }
  for (const key of ['hubspotId', 'salesforceId'] as const) {
    if (new Set(pairs.map((pair) => pair[key])).size !== pairs.length) faults.push(`two pairs share a ${key}`);
  }
  add('edits', people.edits.length);
  add('crossings', people.crossings);
  add('filter edits', world.plan.filterEdits);
  for (const { field } of conflicts) {
    add(`conflicts: ${fields.find(({ hubspot }) => hubspot === field)?.rule ?? 'twoWay'}`);
  }
  const { rows: waited } = await sql<{ outcome: string; reason: string }>`
    select outcome, reason from decisions where outcome in ('waiting', 'failed')`.execute(db);
  for (const { outcome, reason } of waited) add(`${outcome}: ${reason}`);
  add('busyLeases', world.counts.busyLeases);
  add('pairs', pairs.length);
  add('kills', world.counts.kills);
  add('vendorFaults', world.counts.vendorFaults);
  add('ledgerFaults', world.counts.ledgerFaults);
  add('pauses', world.counts.pauses);
  add('timedOut', world.temporal.counts.timedOut);
  add('runsRefused', world.temporal.counts.refused);
  add('continued', world.temporal.counts.continued);
  return { faults, counts };
}

/** Whether the rule lets this side's value go over. */
function crosses({ system, field }: Edit, other: string | null): boolean {
  const rule = fields.find(({ hubspot }) => hubspot === field)?.rule;
  if (rule === 'twoWay') return true;
  const isPreferred = system === (rule?.endsWith('Salesforce') ? 'salesforce' : 'hubspot');
  return isPreferred || (rule?.startsWith('prefer') === true && other === null);
}

function rest(outcome: Outcome | undefined): Place {
  if (!outcome) return 'lost';
  switch (outcome.kind) {
    case 'failed':
      return 'listed';
    case 'skipped':
      return 'outsideTheGate';
    case 'waiting':
      return 'stillWaiting'; // every segment has been evaluated by now, and its filter can be told from the values
    case 'synced':
    case 'unchanged':
      return 'lost';
  }
  return outcome satisfies never;
}

const isSameField = (a: Edit, b: Edit): boolean =>
  a.system === b.system && a.recordId === b.recordId && a.field === b.field;

/** A text as both systems keep it; blank is null. */
const blank = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function wasMember(known: readonly { at: number; member: boolean }[], from: number, to: number): boolean {
  return known.some(
    ({ at, member }, i) => member && at <= to && (known[i + 1]?.at ?? Number.POSITIVE_INFINITY) >= from,
  );
}

function valuesNow({ hubspot, salesforce }: World): Side {
  const pick = (read: (field: (typeof fields)[number]) => unknown) =>
    Object.fromEntries(fields.map((field) => [field.hubspot, blank(read(field))]));
  return {
    hubspot: new Map(
      hubspot.recordIds('contacts').map((id) => {
        const record = hubspot.record('contacts', id);
        return [id, pick((field) => record?.properties[field.hubspot])];
      }),
    ),
    salesforce: new Map(
      salesforce.records('Contact').map((record) => [String(record['Id']), pick((field) => record[field.salesforce])]),
    ),
  };
}
