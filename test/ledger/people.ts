import { type RecordRef, refKey } from '../../core/record-ref.ts';
import type { ClosedRow, Holder, LeaseKey, Ledger, WriteIntent } from '../../ledger/index.ts';

/** Small makers that the ledger's tests share. */
export const contact = (id: string | number): RecordRef => ({ system: 'hubspot', object: 'contacts', id: `${id}` });
export const lead = (id: string | number): RecordRef => ({
  system: 'salesforce',
  object: 'contacts',
  id: `00Q${`${id}`.padStart(12, '0')}AAA`,
});
export const keyOf = (ref: RecordRef): LeaseKey => ({ key: refKey(ref), ref });
export const holder = (owner: string, attempt = 1): Holder => ({ owner, attempt });
export const minute = 60_000;

export const intent = (more: Partial<WriteIntent> = {}): WriteIntent => ({
  object: 'contacts',
  system: 'salesforce',
  recordId: lead(1).id,
  counterpartId: '1',
  kind: 'update',
  before: { Phone: '1' },
  after: { Phone: '2' },
  basis: 'open',
  ...more,
});

export const row = (ref: RecordRef, more: Partial<ClosedRow> = {}): ClosedRow => ({
  ref,
  decision: { outcome: { kind: 'synced' }, verdict: 'open' },
  waits: [],
  conflicts: [],
  ...more,
});

/** Leases what the rows are about, closes them as one batch and gives the leases back. */
export async function close(
  ledger: Ledger,
  ...rows: readonly ClosedRow[]
): Promise<Awaited<ReturnType<Ledger['closeBatch']>>['refused']> {
  const keys = rows.map(({ ref }) => keyOf(ref));
  await ledger.leases.take(holder('closer'), keys, minute);
  const { refused } = await ledger.closeBatch({
    holder: holder('closer'),
    keys: keys.map(({ key }) => key),
    rows,
    results: [],
  });
  await ledger.leases.release(holder('closer'));
  return refused;
}

/** Opens a pair of a contact and a lead, both of that number. */
export async function pairUp(ledger: Ledger, number: number, base?: Record<string, string | null>): Promise<void> {
  const pair = {
    kind: 'open',
    hubspotId: `${number}`,
    salesforceId: lead(number).id,
    salesforceType: 'Lead',
    base,
  } as const;
  await close(ledger, row(contact(number), { pair }));
}

/** Activates settings under the next number, which is answered. */
export async function activateSettings(ledger: Ledger): Promise<number> {
  const draft = await ledger.settings.saveDraft('version: 1');
  const activated = await ledger.settings.activate({
    draft,
    replaces: await ledger.settings.currentVersion(),
    settings: { keys: { hubspot: 'a', salesforce: 'B__c' }, objects: {}, polling: { hubspotMs: 1, salesforceMs: 1 } },
    catalog: { hubspot: {}, salesforce: {}, segments: [] },
  });
  if (!('version' in activated)) throw new Error('The settings were not activated.');
  return activated.version;
}
