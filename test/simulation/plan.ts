import type { System } from '../../core/record-ref.ts';
import type { Rule } from '../../core/settings/settings.ts';
import { Random } from './random.ts';

/** What one history consists of, all of it drawn from its seed: printed with a failure, since a seed alone says little. */
export interface Plan {
  readonly seed: number;
  readonly records: number;
  readonly edits: number;
  /** How long people work, milliseconds. */
  readonly spanMs: number;
  readonly evaluationDelayMs: number;
  readonly skewMs: { readonly hubspot: number; readonly salesforce: number };
  readonly createInHubSpot: 'always' | 'members' | 'never';
  readonly createInSalesforce: 'members' | 'never';
  readonly firstSync: 'writeBack' | 'guarded';
  /** Of calls to a vendor: refused with a 5xx, cut before, cut after they were applied. */
  readonly vendorFaults: number;
  /** Of all calls: the process that makes them is killed. */
  readonly kills: number;
  /** Of all calls: they take minutes. */
  readonly pauses: number;
  /** Of calls of the ledger: its connection is lost. */
  readonly ledgerFaults: number;
  readonly searchLagMs: number;
  readonly pollSeconds: { readonly hubspot: number; readonly salesforce: number };
  /** How often somebody edits the segment's filter. */
  readonly filterEdits: number;
  /** Which of the contact's properties the segment reads. */
  readonly segmentOn: 'industry' | 'jobtitle' | 'firstname';
}

/** A fixed share of histories is smaller than the rest, since small ones are easier to read when they fail. */
const smallShare = 0.2;

export function planOf(seed: number): Plan {
  const random = new Random(seed);
  const small = random.chance(smallShare);
  const skew = () => random.pick([0, 0, random.between(-600_000, 600_000), random.between(-3_000, 3_000)]);
  return {
    seed,
    records: small ? random.between(2, 5) : random.between(20, 26),
    edits: small ? random.between(3, 12) : random.between(30, 60),
    spanMs: random.pick([60_000, 300_000, 900_000]),
    evaluationDelayMs: random.pick([0, 2_000, 2_000, 60_000, 600_000]),
    skewMs: { hubspot: skew(), salesforce: skew() },
    createInHubSpot: random.pick(['always', 'members', 'never']),
    createInSalesforce: random.pick(['members', 'members', 'never']),
    firstSync: random.pick(['writeBack', 'guarded']),
    vendorFaults: random.pick([0, 0.01, 0.05]),
    kills: random.pick([0.0005, 0.002, 0.01]),
    pauses: random.pick([0, 0.0005]),
    ledgerFaults: random.pick([0, 0.002]),
    searchLagMs: random.pick([0, 5_000]),
    pollSeconds: { hubspot: 30, salesforce: 60 },
    filterEdits: 0,
    segmentOn: random.pick(['industry', 'jobtitle', 'firstname']),
  };
}

/** The same plan with few records that everybody works on at once, while calls often take minutes. */
export const contended = (plan: Plan): Plan => ({
  ...plan,
  records: 3,
  edits: 60,
  spanMs: 900_000,
  evaluationDelayMs: 2_000,
  createInHubSpot: 'always',
  createInSalesforce: 'members',
  pauses: 0.02,
  kills: 0.0005,
});

/** A race of edits, evaluations, edits of the filter and syncs of one or two records, in which nothing else goes wrong. */
export function raced(plan: Plan): Plan {
  const random = new Random(plan.seed);
  return {
    ...plan,
    records: random.between(1, 3),
    edits: random.between(2, 7),
    spanMs: random.pick([5_000, 20_000, 60_000]),
    evaluationDelayMs: random.pick([0, 2_000, 10_000]),
    createInHubSpot: 'always',
    createInSalesforce: 'members',
    vendorFaults: 0,
    ledgerFaults: 0,
    kills: 0,
    pauses: 0,
    pollSeconds: { hubspot: random.pick([2, 10]), salesforce: random.pick([2, 10]) },
    filterEdits: random.between(0, 3),
  };
}

/** Whether anything goes wrong by itself; else a history comes to rest soon. */
export const failsOf = ({ kills, pauses, vendorFaults, ledgerFaults }: Plan): boolean =>
  kills + pauses + vendorFaults + ledgerFaults > 0;

/** The fields that people edit. */
export const fields: readonly { readonly hubspot: string; readonly salesforce: string; readonly rule: Rule }[] = [
  { hubspot: 'firstname', salesforce: 'FirstName', rule: 'twoWay' },
  { hubspot: 'phone', salesforce: 'Phone', rule: 'preferSalesforce' },
  { hubspot: 'jobtitle', salesforce: 'Title', rule: 'alwaysSalesforce' },
  { hubspot: 'mobilephone', salesforce: 'MobilePhone', rule: 'preferHubSpot' },
  { hubspot: 'message', salesforce: 'Description', rule: 'alwaysHubSpot' },
];

/** What a system calls a field that is named by its HubSpot property; nothing where Salesforce has none. */
export const nameIn = (system: System, field: string): string =>
  system === 'hubspot' ? field : (fields.find(({ hubspot }) => hubspot === field)?.salesforce ?? '');

export function settingsOf(plan: Plan, segmentId: string): string {
  const rows = fields.map(
    ({ hubspot, salesforce, rule }) => `      - { hubspot: ${hubspot}, salesforce: ${salesforce}, rule: ${rule} }`,
  );
  return `version: 1
polling: { hubspot: ${plan.pollSeconds.hubspot}s, salesforce: ${plan.pollSeconds.salesforce}s }
objects:
  contacts:
    create: { hubspot: ${plan.createInHubSpot}, salesforce: ${plan.createInSalesforce} }
    gate: { settleSeconds: 20, reevaluationTimeout: 5m, onTimeout: hold, firstSync: ${plan.firstSync} }
    salesforce: { types: [Contact], create: [{ type: Contact }] }
    match: [{ hubspot: email, salesforce: Email }]
    segments: { include: [${segmentId}] }
    fields:
      - { hubspot: email, salesforce: Email, rule: twoWay }
      - { hubspot: lastname, salesforce: LastName, rule: twoWay }
${rows.join('\n')}
`;
}

/** Members are those whose property begins with this word. */
export const segmentOf = ({ segmentOn }: Plan, word: 'in' | 'out' = 'in') => ({
  filterBranchType: 'OR',
  filters: [],
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: segmentOn,
          operation: { operationType: 'MULTISTRING', operator: 'STARTS_WITH', values: [word] },
        },
      ],
    },
  ],
});
