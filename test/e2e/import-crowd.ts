import { outcomeReason } from '../../core/outcome.ts';
import { type RecordRef, refKey } from '../../core/record-ref.ts';
import type { Ledger } from '../../ledger/index.ts';
import { settled } from './settled.ts';
import type { OpenVendors } from './vendors.ts';

type Systems = Pick<OpenVendors, 'hubspot' | 'salesforce'>;

/** A Salesforce record of a crowd, with what an import with a segment of customers has to make of it. */
export interface CrowdRow {
  readonly type: 'Contact' | 'Lead';
  readonly id: string;
  /** The person behind it; several rows may be one. */
  readonly person: Person;
  readonly title: string;
  readonly expected:
    | 'skipped:noMatchValue'
    | 'skipped:converted'
    | 'skipped:duplicate'
    | 'skipped:notInSegment'
    | 'synced';
}

/** Somebody, and what HubSpot knows of them before the import. */
export interface Person {
  readonly n: number;
  readonly email: string | undefined;
  readonly inHubSpot: 'no' | 'customer' | 'customerWithTitle' | 'other';
}

interface Draft {
  readonly person: Person;
  readonly type: 'Contact' | 'Lead';
  readonly email: string | undefined;
  readonly title: string;
  readonly at: number;
  readonly isConverted: boolean;
}

const start = Date.parse('2026-01-01T00:00:00.000Z');
/** No two alike, in no order. */
const stampOf = (n: number): number => start + ((n * 7_919) % 100_003) * 1_000;

/**
 * Puts people into both systems: most of them once, some without an email, some in several Salesforce records with one
 * email in differing case, some known to HubSpot. `order` is the order in which the records are made, so that of their
 * ids; their ages stay the same.
 */
export function makeCrowd(
  vendors: Systems,
  { records, order = 1 }: { readonly records: number; readonly order?: number },
): CrowdRow[] {
  const drafts = draftsOf(records);
  const shuffled = drafts
    .map((draft, i) => ({ draft, rank: ((i + 1) * 104_729 * order) % 1_299_709 }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ draft }) => draft);
  const made = shuffled.map((draft) => ({ ...draft, id: create(vendors, draft) }));
  for (const person of new Set(drafts.map(({ person: one }) => one))) createInHubSpot(vendors, person);
  vendors.hubspot.runEvaluation();
  const chosen = new Set(
    [
      ...Map.groupBy(
        made.filter(({ email, isConverted }) => email && !isConverted),
        ({ person }) => person,
      ),
    ].map(([, rivals]) => rivals.sort(byChoice)[0]?.id),
  );
  return made.map(({ type, id, person, title, email, isConverted }) => {
    const row = { type, id, person, title };
    if (isConverted) return { ...row, expected: 'skipped:converted' };
    if (!email) return { ...row, expected: 'skipped:noMatchValue' };
    if (!chosen.has(id)) return { ...row, expected: 'skipped:duplicate' };
    const isMember = person.inHubSpot === 'customer' || person.inHubSpot === 'customerWithTitle';
    return { ...row, expected: isMember ? 'synced' : 'skipped:notInSegment' };
  });
}

/** The order of types in the settings, then age, then id. */
const byChoice = (a: Draft & { id: string }, b: Draft & { id: string }): number =>
  a.type.localeCompare(b.type) || a.at - b.at || (a.id < b.id ? -1 : 1);

function draftsOf(records: number): Draft[] {
  const drafts: Draft[] = [];
  for (let n = 0; drafts.length < records; n += 1) drafts.push(...draftsOfPerson(n));
  return drafts.slice(0, records);
}

/** One of twenty kinds of people. */
function draftsOfPerson(n: number): Draft[] {
  const kind = n % 20;
  const email = kind === 15 ? undefined : `person.${n}@example.com`;
  const inHubSpot = kind >= 16 ? (n % 3 === 0 ? 'customer' : 'no') : known[kind];
  const person: Person = { n, email, inHubSpot: inHubSpot ?? 'no' };
  const record = (i: number, type: Draft['type'], spelled = email): Draft => ({
    person,
    type,
    email: spelled,
    title: `Title ${n}.${i}`,
    at: stampOf(n * 3 + i),
    isConverted: false,
  });
  const shouted = email?.toUpperCase();
  switch (kind) {
    case 13:
      return [record(0, 'Lead', shouted)];
    case 16:
      return [record(0, 'Contact'), record(1, 'Lead', shouted)];
    case 17:
      return [record(0, 'Lead'), record(1, 'Lead', shouted)];
    case 18:
      return [record(0, 'Contact'), record(1, 'Lead'), record(2, 'Contact', shouted)];
    case 19:
      return [{ ...record(0, 'Lead'), isConverted: true }, record(1, 'Lead', shouted)];
    default:
      return [record(0, n % 2 === 0 ? 'Contact' : 'Lead')];
  }
}

/** By kind, where the kind tells. */
const known: Readonly<Record<number, Person['inHubSpot']>> = {
  10: 'customer',
  11: 'customer',
  12: 'customerWithTitle',
  13: 'customer',
  14: 'other',
};

function create({ salesforce }: Systems, { type, email, title, at, person, isConverted }: Draft): string {
  const fields = {
    FirstName: `First ${person.n}`,
    LastName: `Last ${person.n}`,
    Title: title,
    Email: email ?? null,
    ...(type === 'Lead' ? { Company: 'Example' } : {}),
  };
  const id = salesforce.people.create(type, fields, { at });
  if (isConverted) {
    // Into a contact that has another address by now, so that it is a person of its own.
    const { contactId } = salesforce.people.convertLead(id, {}, { at });
    salesforce.people.remove('Contact', contactId, { at });
  }
  return id;
}

function createInHubSpot({ hubspot }: Systems, { n, email, inHubSpot }: Person): void {
  if (inHubSpot === 'no' || !email) return;
  hubspot.people.create('contacts', {
    email,
    lifecyclestage: inHubSpot === 'other' ? 'lead' : 'customer',
    ...(inHubSpot === 'customerWithTitle' ? { jobtitle: `HubSpot ${n}` } : {}),
  });
}

/** What HubSpot has to hold after the import: one contact for each person with an email. */
export const expectedContacts = (rows: readonly CrowdRow[]): Record<string, string>[] =>
  rows.map(expectedContact).filter((contact) => contact !== undefined);

/** By the row that was chosen; undefined for all other rows. */
function expectedContact({ person, title, expected }: CrowdRow): Record<string, string> | undefined {
  const { n, email, inHubSpot } = person;
  if (!email || (expected !== 'synced' && expected !== 'skipped:notInSegment')) return undefined;
  const stage = { no: undefined, customer: 'customer', customerWithTitle: 'customer', other: 'lead' }[inHubSpot];
  const before = { email, ...(stage ? { lifecyclestage: stage } : {}) };
  if (expected === 'skipped:notInSegment') return before;
  // Of two titles the one stays whose record was edited last; that is HubSpot's here.
  const jobtitle = inHubSpot === 'customerWithTitle' ? `HubSpot ${n}` : title;
  return { ...before, firstname: `First ${n}`, lastname: `Last ${n}`, jobtitle };
}

/** All contacts that HubSpot has now, by email, without what it adds by itself. */
export const contactsOf = ({ hubspot }: Pick<Systems, 'hubspot'>): Map<string, Record<string, string>> =>
  new Map(
    hubspot.recordIds('contacts').map((id) => {
      const { email, firstname, lastname, jobtitle, lifecyclestage } = hubspot.record('contacts', id)?.properties ?? {};
      const shown = Object.entries({ email, firstname, lastname, jobtitle, lifecyclestage });
      return [email ?? '', Object.fromEntries(shown.filter((entry): entry is [string, string] => !!entry[1]))];
    }),
  );

/** Rows of which the ledger now says something else than the table. */
export async function wrongRows(ledger: Ledger, rows: readonly CrowdRow[]) {
  const refOf = ({ id }: CrowdRow): RecordRef => ({ system: 'salesforce', object: 'contacts', id });
  const latest = await ledger.decisions.latest(rows.map(refOf));
  return rows.flatMap((row) => {
    const outcome = latest.get(refKey(refOf(row)))?.outcome;
    const reason = outcome && outcomeReason(outcome);
    const seen = settled(`${outcome?.kind}${reason ? `:${reason}` : ''}`);
    return seen === row.expected ? [] : [{ ...row, seen }];
  });
}
