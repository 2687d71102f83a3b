import { failureClass } from '../../core/failures.ts';
import { type RecordRef, refKey, type System } from '../../core/record-ref.ts';
import { VendorError } from '../../crm/types.ts';
import type { Lane } from '../../workflows/ids.ts';
import type { SyncResult } from '../../workflows/messages.ts';
import type { SyncMode } from '../../workflows/run-messages.ts';
import type { Attempt, Engine } from '../engine.ts';
import { knownOwners, withOwner } from '../owners.ts';
import { runningSettings } from '../running.ts';
import { readAssociations } from './associations.ts';
import { carryOut } from './carry-out.ts';
import { closePass, resultsOf } from './close.ts';
import type { Pass } from './context.ts';
import { learnFates } from './fates.ts';
import { leaseRecords, releaseLeases } from './leases.ts';
import { refusePairings, takePairings } from './pair-anew.ts';
import { keepToOwnPairs, pairUp } from './pair-up.ts';
import { readAndJudge } from './read.ts';
import { finish, isOpen, newUnit, type Unit, unitRef } from './unit.ts';
import { askWouldBe } from './would-be.ts';

/** A record may have to be read again after our own write or an edit under our hands; not without end. */
const maxLooks = 3;

export interface SyncRequest {
  readonly refs: readonly RecordRef[];
  readonly lane: Lane;
  /** `identity`: only what a record is found by, and the pair, which one that has it keeps; `projected`: an import's; left out: everything. */
  readonly mode?: SyncMode;
  /** The workflow that waits for undecided records; left out: each record's own. */
  readonly waiter?: string;
  /** The run that asks, for the trace of what is written. */
  readonly runId?: string;
  /** Comes back for busy records by itself; left out: whoever works on them runs them again. */
  readonly asksAgain?: boolean;
}

/**
 * Brings records into step: one or four hundred, of any objects.
 *
 * 1. Lease every record that will be touched, so that nobody else works on it.
 * 2. Read both sides and the memberships, and let the gate judge what was read.
 * 3. Find the counterparts of records without a pair; one that was asked for by hand comes first.
 * 4. Decide, plan and write, HubSpot first; look again where that is called for.
 * 5. Note everything in one transaction, and give the leases back.
 *
 * Throws only for what may be tried again as a whole; what concerns one record is its result.
 */
export async function syncRecords(engine: Engine, attempt: Attempt, request: SyncRequest): Promise<SyncResult[]> {
  const running = await runningSettings(engine.ledger);
  if (!running) return request.refs.map(notInSettings);
  const { lane, mode = 'full', waiter, runId, asksAgain = false, refs } = request;
  const alone = lane === 'live' && refs.length === 1 && waiter === undefined;
  const asked = { mode, waiter, runId, asksAgain, alone };
  const pass: Pass = { engine, attempt, running, ...asked, results: [], hubspotNowMs: 0, reads: 0 };

  const { units, others } = await unitsOf(pass, request);
  try {
    await leaseRecords(pass, units);
    await refreshPairs(pass, units);
    const identified = mode === 'identity' ? units.filter((unit) => isOpen(unit) && unit.pair) : [];
    for (const unit of identified) finish(unit, { kind: 'unchanged' });
    try {
      await takePairings(pass, units);
      await readAndJudge(pass, units.filter(isOpen));
      refusePairings(units);
      await pairUp(pass, units);
      await learnFates(pass, units);
      let open = units.filter(isOpen);
      for (let look = 1; open.length > 0 && look <= maxLooks; look += 1) {
        if (look > 1) {
          await keepToOwnPairs(pass, open);
          await leaseRecords(pass, open);
          await readAndJudge(pass, open.filter(isOpen));
          await learnFates(pass, open);
        }
        await readAssociations(pass, open);
        await askWouldBe(pass, open);
        open = await carryOut(pass, open.filter(isOpen));
      }
      for (const unit of open) finish(unit, { kind: 'failed', category: 'changedMeanwhile' });
    } catch (error) {
      if (!(error instanceof VendorError) || failureClass(error.category) === 'retrySoon') throw error;
      for (const unit of units.filter(isOpen)) finish(unit, { kind: 'failed', category: error.category });
    }
    await closePass(
      pass,
      units.filter((unit) => !identified.includes(unit)),
    );
  } finally {
    if (pass.results.length > 0) await engine.ledger.writes.settle(pass.results);
    await releaseLeases(engine, attempt);
  }
  return [...others, ...units.flatMap((unit) => resultsOf(pass, unit))];
}

/** Refs of one pair become one unit. A single live ref that is paired under another id is sent there instead. */
async function unitsOf(pass: Pass, { refs }: SyncRequest): Promise<{ units: Unit[]; others: SyncResult[] }> {
  const units = new Map<string, Unit>();
  const others: SyncResult[] = [];
  for (const [key, group] of Map.groupBy(refs, ({ object, system }) => `${object}/${system}`)) {
    const [objectName = ''] = key.split('/');
    const named = pass.running.settings.objects[objectName];
    const object = named && withOwner(named, named.owner && (await knownOwners(pass.engine, pass.engine.now())));
    if (!object) {
      others.push(...group.map(notInSettings));
      continue;
    }
    const [{ system }] = group as [RecordRef];
    const pairs = await pass.engine.ledger.pairs.byIds(
      objectName,
      system,
      group.map(({ id }) => id),
    );
    for (const ref of group) {
      const pair = pairs.get(ref.id);
      if (pair && system === 'salesforce' && pass.alone) {
        others.push({ kind: 'moved', ref, to: { system: 'hubspot', object: objectName, id: pair.hubspotId } });
        continue;
      }
      const name = pair ? `pair/${pair.pairId}` : refKey(ref);
      const unit = units.get(name);
      if (unit) unit.asked.push(ref);
      else units.set(name, newUnit(object, ref, pair));
    }
  }
  return { units: [...units.values()], others };
}

/** A pair may have been opened or moved before the leases were ours: what is known of it is read again under them. */
async function refreshPairs(pass: Pass, units: readonly Unit[]): Promise<void> {
  for (const [key, group] of Map.groupBy(units.filter(isOpen), (unit) => {
    const { object, system } = unitRef(unit);
    return `${object}/${system}`;
  })) {
    const [object, system] = key.split('/') as [string, System];
    const pairs = await pass.engine.ledger.pairs.byIds(
      object,
      system,
      group.map((unit) => unitRef(unit).id),
    );
    for (const unit of group) {
      const pair = pairs.get(unitRef(unit).id);
      unit.pair = pair ?? undefined;
      unit.hubspotId = pair?.hubspotId ?? unit.hubspotId;
      unit.salesforceId = pair?.salesforceId ?? unit.salesforceId;
      unit.salesforceType = pair?.salesforceType ?? unit.salesforceType;
    }
  }
  await leaseRecords(pass, units); // both sides of a pair that is new to us
}

const notInSettings = (ref: RecordRef): SyncResult => ({
  kind: 'done',
  ref,
  outcome: { kind: 'skipped', reason: 'notInSettings' },
  hubspotId: null,
  salesforceId: null,
  wait: null,
});
