import { isDeepStrictEqual } from 'node:util';
import type { SegmentWait } from '../../core/gate.ts';
import type { Outcome } from '../../core/outcome.ts';
import { refKey } from '../../core/record-ref.ts';
import type { ClosedRow } from '../../ledger/close-batch.ts';
import type { NewDecision } from '../../ledger/decisions.ts';
import type { PairChange } from '../../ledger/pair-changes.ts';
import type { EndedWait, NewWait } from '../../ledger/waits.ts';
import type { RecordWait, SyncResult } from '../../workflows/messages.ts';
import { waiterKey } from '../hand-over.ts';
import { waitForParents } from './associations.ts';
import type { Pass } from './context.ts';
import { askedRef, finish, type Unit, unitRef, unitRefs } from './unit.ts';

/**
 * Notes in one transaction what the pass came to: pairs and bases, decisions, waits, conflicts and the results of
 * writes. Units that found a lease taken are not noted: whoever holds it runs them again. A unit whose pair moved
 * meanwhile is to be read again.
 */
export async function closePass(pass: Pass, units: readonly Unit[]): Promise<void> {
  const done = units.filter(({ end }) => end?.kind === 'done');
  if (done.length === 0) return;
  const { refused, ended } = await pass.engine.ledger.closeBatch({
    holder: pass.attempt,
    keys: done.flatMap(({ held }) => [...held]),
    rows: done.flatMap((unit) => rowsOf(pass, unit)),
    results: pass.results.splice(0),
  });
  await tellOthers(pass, done, ended);
  const moved = new Set(refused.map(({ ref }) => refKey(ref)));
  for (const unit of done) {
    if (unitRefs(unit).some((ref) => moved.has(refKey(ref))))
      finish(unit, { kind: 'failed', category: 'changedMeanwhile' });
  }
  await waitForParents(
    pass,
    done.filter((unit) => !unitRefs(unit).some((ref) => moved.has(refKey(ref)))),
  );
  const segments = new Set(done.flatMap((unit) => waitsOf(unit).map(({ segmentId }) => segmentId)));
  if (segments.size > 0) await pass.engine.recordsWait([...segments]);
}

/** Whoever else waited for a record that has been decided now need not wait until its deadline. */
async function tellOthers(pass: Pass, done: readonly Unit[], ended: readonly EndedWait[]): Promise<void> {
  const own = new Set(pass.waiter ? [waiterKey(pass.waiter)] : done.flatMap(({ asked }) => asked.map(refKey)));
  const others = ended.flatMap(({ segmentId, waiters }) =>
    waiters.filter((waiter) => !own.has(waiter)).map((waiter) => ({ segmentId, waiter })),
  );
  if (others.length > 0) await pass.engine.waitsOver(others);
}

/** A row for each side, so that either id leads to the reason; the pair, waits and conflicts stand with the first. */
function rowsOf(pass: Pass, unit: Unit): ClosedRow[] {
  return unitRefs(unit).map((ref, i) => ({
    ref,
    decision: decisionOf(unit, ref.system === 'hubspot' ? unit.hubspot?.modifiedAt : unit.salesforce?.modifiedAt),
    pair: i === 0 ? pairChange(unit) : undefined,
    waits: i === 0 ? waitsOf(unit).map((wait) => waitRow(pass, unit, wait)) : [],
    conflicts: i === 0 ? unit.conflicts : [],
    tombstones: i === 0 ? unit.tombstones : [],
    pairing: i === 0 ? unit.pairing : undefined,
  }));
}

const outcomeOf = ({ end }: Unit): Outcome | undefined => (end?.kind === 'done' ? end.outcome : undefined);

function decisionOf(unit: Unit, changedAt: string | undefined): NewDecision {
  const outcome = outcomeOf(unit) ?? { kind: 'failed', category: 'unexpected' };
  // Where the exit could not be carried out it is still to come: nothing is decided.
  const verdict = unit.isLeaving && outcome.kind === 'failed' ? undefined : unit.verdict;
  const base = { outcome, verdict: verdict?.kind, evidenceHash: unit.evidence, changedAt };
  switch (verdict?.kind) {
    case 'open':
      return { ...base, basis: verdict.basis, segmentVersion: verdict.segmentVersion };
    case 'closed':
      return { ...base, segmentId: verdict.segmentId, segmentVersion: verdict.segmentVersion };
    case 'undecided':
      return { ...base, segmentId: verdict.waits[0]?.segmentId, segmentVersion: verdict.waits[0]?.segmentVersion };
    case undefined:
      return base;
  }
}

/** Records are paired once they may sync; a pair whose base did not move is left as it is. */
function pairChange(unit: Unit): PairChange | undefined {
  const { pair, base, hubspotId, salesforceId, salesforceType, wrote, end, pairing, replaces } = unit;
  if (pairing && !pair && hubspotId && salesforceId === pairing.salesforceId && salesforceType) {
    // By somebody's word, whatever the gate says of the values; what the old pair had agreed on counts no more.
    const given = replaces ? [replaces.pairId] : [];
    return { kind: 'open', hubspotId, salesforceId, salesforceType, base, replaces: given };
  }
  if (
    pair &&
    unit.isLeaving &&
    unit.object.gate.exit === 'unlink' &&
    end?.kind === 'done' &&
    end.outcome.kind === 'skipped'
  ) {
    return { kind: 'end', pairId: pair.pairId };
  }
  if (pair && (pair.hubspotId !== hubspotId || pair.salesforceId !== salesforceId)) {
    // Another record stands for one of the two: the same couple goes on, with all that it had agreed on.
    if (!hubspotId || !salesforceId || !salesforceType) return undefined;
    const kept = pair.base || base ? { ...pair.base, ...base } : undefined;
    return { kind: 'open', hubspotId, salesforceId, salesforceType, base: kept, replaces: [pair.pairId] };
  }
  if (pair) {
    const moved = Object.entries(base ?? {}).filter(([field, value]) => !isDeepStrictEqual(pair.base?.[field], value));
    if (moved.length === 0) return undefined;
    return { kind: 'move', pairId: pair.pairId, version: pair.version, base: Object.fromEntries(moved) };
  }
  const mayPair = wrote || (end?.kind === 'done' && end.outcome.kind === 'unchanged');
  if (!mayPair || !hubspotId || !salesforceId || !salesforceType) return undefined;
  return { kind: 'open', hubspotId, salesforceId, salesforceType, base };
}

const waitsOf = ({ end, verdict }: Unit): readonly SegmentWait[] =>
  end?.kind === 'done' && end.outcome.kind === 'waiting' && verdict?.kind === 'undecided' ? verdict.waits : [];

const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function waitRow(pass: Pass, unit: Unit, wait: SegmentWait): NewWait {
  return {
    ref: unitRef(unit),
    segmentId: wait.segmentId,
    expected: wait.expected,
    segmentVersion: wait.segmentVersion ?? null,
    reason: wait.reason,
    since: iso(pass.hubspotNowMs) ?? '',
    deadline: iso(wait.deadlineMs),
    lookAgainAt: iso(wait.lookAgainAtMs),
    waiter: pass.waiter ? waiterKey(pass.waiter) : refKey(askedRef(unit)),
  };
}

/** The unit's result for each ref that was asked for. */
export function resultsOf(pass: Pass, unit: Unit): SyncResult[] {
  const outcome = outcomeOf(unit);
  return unit.asked.map((ref): SyncResult => {
    if (!outcome) return { kind: 'busy', ref };
    return {
      kind: 'done',
      ref,
      outcome,
      hubspotId: unit.hubspotId ?? null,
      salesforceId: unit.salesforceId ?? null,
      wait: recordWait(pass, waitsOf(unit)),
    };
  });
}

function recordWait(pass: Pass, waits: readonly SegmentWait[]): RecordWait | null {
  if (waits.length === 0) return null;
  const soonest = (times: readonly (number | null)[]): number | null => {
    const ahead = times.filter((time) => time !== null && time > pass.hubspotNowMs).map(Number);
    return ahead.length > 0 ? Math.min(...ahead) - pass.hubspotNowMs : null;
  };
  return {
    segmentIds: waits.map(({ segmentId }) => segmentId),
    endsInMs: soonest(waits.map(({ deadlineMs }) => deadlineMs)),
    lookAgainInMs: soonest(waits.map(({ lookAgainAtMs }) => lookAgainAtMs)),
  };
}
