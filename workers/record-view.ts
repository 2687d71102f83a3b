import type { DecisionView, ExplanationView, RecordView, WaitView, WriteView } from '../client/answers.ts';
import { type Explanation, explain } from '../core/explain.ts';
import { otherSystem, type RecordRef } from '../core/record-ref.ts';
import type { Decision, Ledger, NotedWrite, Pair, Wait } from '../ledger/index.ts';
import { recordSyncId } from '../workflows/ids.ts';

/** The ref that names the record's workflow: the HubSpot side of its pair, or itself while it has none. */
export async function workflowOf(
  ledger: Ledger,
  installation: string,
  ref: RecordRef,
): Promise<{ ref: RecordRef; workflowId: string }> {
  const named = hubspotSide(ref, await pairOf(ledger, ref)) ?? ref;
  return { ref: named, workflowId: recordSyncId(installation, named) };
}

/** What the ledger knows of a record, from whichever side it is asked for. */
export async function viewRecord(ledger: Ledger, installation: string, ref: RecordRef): Promise<RecordView> {
  const pair = await pairOf(ledger, ref);
  const hubspot = hubspotSide(ref, pair);
  const sides = pair ? [ref, { ...ref, system: otherSystem(ref.system), id: otherId(ref, pair) }] : [ref];
  const [decisions, waits, writes] = await Promise.all([
    ledger.decisions.latest(sides),
    hubspot ? ledger.waits.ofRef(hubspot) : [],
    ledger.writes.ofRef(ref, 20),
  ]);
  const [newest] = [...decisions.values()].toSorted((a, b) => b.seenAt.localeCompare(a.seenAt));
  return {
    ref,
    workflowId: recordSyncId(installation, hubspot ?? ref),
    pair: pair
      ? { hubspotId: pair.hubspotId, salesforceId: pair.salesforceId, salesforceType: pair.salesforceType }
      : null,
    decision: newest ? decisionView(newest) : null,
    waits: waits.map(waitView),
    writes: writes.map(writeView),
  };
}

/** What was decided of a record and its counterpart, newest first, each in plain words. */
export async function explainRecord(ledger: Ledger, ref: RecordRef): Promise<ExplanationView> {
  const pair = await pairOf(ledger, ref);
  const side = hubspotSide(ref, pair) ?? ref;
  const decisions = await ledger.decisions.history(side, mostExplained);
  const tombstones = await ledger.tombstones.ofRefs(
    pair ? [side, { ...side, system: 'salesforce', id: pair.salesforceId }] : [side],
  );
  return {
    ref,
    decisions: decisions.map((decision) => ({
      ...decisionView(decision),
      ...withHelp(explain(decision)),
    })),
    fates: [...tombstones.values()].map(({ ref: gone, fate, intoId, notedAt }) => ({
      ref: gone,
      fate,
      intoId: intoId ?? null,
      notedAt,
    })),
  };
}

const mostExplained = 20;
const withHelp = ({ says, helps }: Explanation) => ({ says, helps: helps ?? null });

async function pairOf(ledger: Ledger, ref: RecordRef): Promise<Pair | undefined> {
  return (await ledger.pairs.byIds(ref.object, ref.system, [ref.id])).get(ref.id);
}

const otherId = (ref: RecordRef, pair: Pair): string => (ref.system === 'hubspot' ? pair.salesforceId : pair.hubspotId);

function hubspotSide(ref: RecordRef, pair: Pair | undefined): RecordRef | undefined {
  if (ref.system === 'hubspot') return ref;
  return pair && { system: 'hubspot', object: ref.object, id: pair.hubspotId };
}

const decisionView = (decision: Decision): DecisionView => ({
  outcome: decision.outcome,
  verdict: decision.verdict ?? null,
  basis: decision.basis ?? null,
  segmentId: decision.segmentId ?? null,
  segmentVersion: decision.segmentVersion ?? null,
  decidedAt: decision.decidedAt,
  seenAt: decision.seenAt,
});

export const waitView = ({ ref, segmentId, expected, reason, since, deadline }: Wait): WaitView => ({
  ref,
  segmentId,
  expected,
  reason,
  since,
  deadline,
});

const writeView = ({ id, system, recordId, kind, after, basis, intendedAt, result }: NotedWrite): WriteView => ({
  id,
  system,
  recordId: recordId ?? result?.vendorId ?? null,
  kind,
  fields: Object.keys(after),
  basis,
  intendedAt,
  ok: result?.ok ?? null,
  code: result?.code ?? null,
});
