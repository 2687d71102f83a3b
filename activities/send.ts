import { failureClass } from '../core/failures.ts';
import { type Permit, spendPermit } from '../core/permit.ts';
import type { RecordRef, System } from '../core/record-ref.ts';
import { withBeforeCall } from '../crm/calls.ts';
import { type AssociationRow, type AssociationType, type RowResult, VendorError } from '../crm/types.ts';
import type { WriteResult } from '../ledger/writes.ts';
import type { Attempt, Engine } from './engine.ts';

/** A write as the plan wants it, ready to be sent. */
export interface Write {
  /** Unique in its batch; comes back on its result. */
  readonly key: string;
  readonly target: System;
  /** HubSpot's path segment or the Salesforce type. */
  readonly type: string;
  /** The record that the permit was issued for. */
  readonly ref: RecordRef;
  readonly permit: Permit | undefined;
  readonly readId: string;
  /** Lease keys that must be held. */
  readonly leases: readonly string[];
  /** The record to change; undefined creates one. */
  readonly id: string | undefined;
  /** The record goes to its system's recycle bin. */
  readonly isRemoval?: boolean | undefined;
  /** HubSpot: the record is to belong to another, or no longer. */
  readonly association?:
    | { readonly to: AssociationRow['to']; readonly type: AssociationType; readonly ends: boolean }
    | undefined;
  readonly values: Readonly<Record<string, unknown>>;
  /** Values before, by the same names, for the trace. */
  readonly before: Readonly<Record<string, unknown>>;
  /** Salesforce: write only if the record has not been modified since (ISO). */
  readonly ifUnmodifiedSince?: string;
  /** Creating in Salesforce: the counterpart's id, carried by our external id field. */
  readonly keyValue?: string;
}

export interface SendContext {
  readonly engine: Engine;
  readonly attempt: Attempt;
  readonly settingsVersion: number;
  /** The run that writes, if any. */
  readonly runId?: string | undefined;
  /** Our external id field in Salesforce. */
  readonly keyField: string;
  /** Takes the results for the ledger, to be noted with all else that the batch comes to. */
  readonly results: WriteResult[];
}

/** Too little of the attempt is left for a request to be answered or cut before the next one may begin. */
export class OutOfTime extends Error {
  override readonly name = 'OutOfTime';
}

/**
 * The only way by which a write of any kind reaches a vendor. Before anything leaves, each write spends its permit, its
 * leases are held, the settings it was planned under still run, enough time is left, and the ledger has its intent.
 * Throws otherwise, and for a call that may be tried again soon; a refused row is a result.
 */
export async function send(context: SendContext, writes: readonly Write[]): Promise<Map<string, RowResult>> {
  const results = new Map<string, RowResult>();
  const groups = Map.groupBy(
    writes,
    (write) => `${write.target}/${write.type}/${kindOf(write)}/${associationOf(write)}`,
  );
  for (const group of groups.values()) {
    for (const result of await sendGroup(context, group)) results.set(result.key, result);
  }
  return results;
}

/** Rows of one call are of one pair of types, and all begin or all end. */
const associationOf = ({ association }: Write): string =>
  association ? `${association.to.type}/${association.type.typeId}/${association.ends}` : '';

const kindOf = ({ id, isRemoval }: Pick<Write, 'id' | 'isRemoval'>): 'create' | 'update' | 'remove' =>
  isRemoval ? 'remove' : id === undefined ? 'create' : 'update';

async function sendGroup(context: SendContext, writes: readonly Write[]): Promise<RowResult[]> {
  const { engine, attempt } = context;
  for (const write of writes) spendPermit(write.permit, write);

  const intents = await engine.ledger.writes.intend(
    writes.map(({ target, ref, id, isRemoval, values, before, permit }) => ({
      object: ref.object,
      system: target,
      recordId: id,
      counterpartId: ref.system === target ? undefined : ref.id,
      kind: kindOf({ id, isRemoval }),
      before,
      after: values,
      basis: permit?.basis ?? 'open',
      segmentVersion: permit?.segmentVersion,
      runId: context.runId,
    })),
    {
      holder: attempt,
      keys: writes.flatMap(({ leases }) => leases),
      needMs: engine.requestTimeoutMs,
      settingsVersion: context.settingsVersion,
    },
  );
  const sent = await call(context, writes);
  const byKey = new Map(sent.results.map((result) => [result.key, result]));
  context.results.push(
    ...writes.flatMap(({ key }, i): WriteResult[] => {
      const result = byKey.get(key);
      const id = intents[i] ?? '';
      if (result?.ok) return [{ id, ok: true, vendorId: result.id }];
      // A row that the call failed to reach, or may have reached, stays open: the next read decides.
      return result ? [{ id, ok: false, category: result.category, code: result.code }] : [];
    }),
  );
  if (sent.failure) throw sent.failure;
  return sent.results;
}

/** Before each request, not only the first: a batch may be sent in pieces, or halved to find the row that is refused. */
async function call(
  context: SendContext,
  writes: readonly Write[],
): Promise<{ readonly results: RowResult[]; readonly failure?: VendorError }> {
  const { engine, attempt } = context;
  const before = (): void => {
    if (attempt.endsAtMs - engine.now() >= engine.requestTimeoutMs) return;
    throw new OutOfTime('Too little time is left in this attempt to start a write.');
  };
  try {
    return { results: await withBeforeCall(before, () => dispatch(context, writes)) };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    const { category, code, settled } = error;
    if (failureClass(category) === 'retrySoon') return { results: [...settled], failure: error };
    const decided = new Set(settled.map(({ key }) => key));
    const rest = writes.filter(({ key }) => !decided.has(key));
    return { results: [...settled, ...rest.map(({ key }) => ({ key, ok: false, category, code }) as const)] };
  }
}

async function dispatch({ engine, keyField }: SendContext, writes: readonly Write[]): Promise<RowResult[]> {
  const [first] = writes;
  if (!first) return [];
  const { target, type } = first;
  const updates = writes.flatMap(({ key, id, values, ifUnmodifiedSince }) =>
    id === undefined ? [] : [{ key, id, values, ...(ifUnmodifiedSince === undefined ? {} : { ifUnmodifiedSince }) }],
  );
  if (first.association) {
    const rows = writes.flatMap(({ key, id = '', association }) =>
      association ? [{ key, id, to: association.to, association: association.type }] : [],
    );
    const { writer } = engine.hubspot;
    return await (first.association.ends ? writer.dissociate(type, rows) : writer.associate(type, rows));
  }
  if (first.isRemoval) {
    const rows = writes.map(({ key, id }) => ({ key, id: id ?? '' }));
    return await (target === 'hubspot'
      ? engine.hubspot.writer.archive(type, rows)
      : engine.salesforce.writer.remove(type, rows));
  }
  if (target === 'hubspot') {
    const { writer } = engine.hubspot;
    if (first.id === undefined) {
      return await writer.create(
        type,
        writes.map(({ key, values }) => ({ key, properties: texts(values) })),
      );
    }
    return await writer.update(
      type,
      updates.map(({ key, id, values }) => ({ key, id, properties: texts(values) })),
    );
  }
  const { writer } = engine.salesforce;
  if (first.id === undefined) {
    const rows = writes.map(({ key, keyValue, values }) => ({ key, keyValue: keyValue ?? '', fields: values }));
    return await writer.create(type, keyField, rows);
  }
  return await writer.update(
    type,
    updates.map(({ values, ...row }) => ({ ...row, fields: values })),
  );
}

const texts = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, typeof value === 'string' ? value : '']));
