import type { Base, Plan, PlanInput } from '../../core/plan.ts';
import type { FieldMapping, ObjectSettings } from '../../core/settings/settings.ts';
import type { Kind } from '../../core/values.ts';

/** Contacts with these fields; everything else at its default. */
export const contacts = (fields: readonly FieldMapping[], changes: Partial<ObjectSettings> = {}): ObjectSettings => ({
  name: 'contacts',
  hubspot: { type: 'contacts', typeId: '0-1' },
  salesforce: { types: ['Contact', 'Lead'], create: [{ type: 'Lead' }] },
  direction: 'both',
  create: { hubspot: 'always', salesforce: 'members' },
  gate: { settleMs: 60_000, reevaluationTimeoutMs: 900_000, onTimeout: 'hold', firstSync: 'writeBack' },
  match: [{ hubspot: 'email', salesforce: 'Email' }],
  segments: { include: ['42'], exclude: [] },
  fields,
  ...changes,
});

/** `firstname` is `Firstname` in Salesforce. */
export const fieldName = (hubspot: string): string => hubspot.charAt(0).toUpperCase() + hubspot.slice(1);

/** A mapping whose field has the same name on both Salesforce types. */
export const field = (hubspot: string, rest: Partial<FieldMapping> = {}): FieldMapping => ({
  hubspot,
  salesforce: { Contact: fieldName(hubspot), Lead: fieldName(hubspot) },
  rule: 'twoWay',
  ...rest,
});

export type HubSpotValues = Readonly<Record<string, string | null>>;
export type SalesforceValues = Readonly<Record<string, unknown>>;

/** Both records after a plan was carried out, as the vendors would show them. Fields are those of `field`. */
export function applyPlan(
  { hubspot, salesforce }: Pick<PlanInput, 'hubspot' | 'salesforce'>,
  plan: Plan,
  kinds: Readonly<Record<string, Kind>>,
): { hubspot: HubSpotValues; salesforce: SalesforceValues } {
  const fields = Object.entries(kinds);
  const sent = (values: Readonly<Record<string, unknown>>, name: string, before: unknown): unknown =>
    name in values ? values[name] : before;
  return {
    hubspot: Object.fromEntries(
      fields.map(([name]) => [name, inHubSpot(sent(plan.hubspot, name, hubspot?.[name] ?? null))]),
    ),
    salesforce: Object.fromEntries(
      fields.map(([property, kind]) => {
        const name = fieldName(property);
        return [name, inSalesforce(kind, sent(plan.salesforce, name, salesforce?.[name] ?? null))];
      }),
    ),
  };
}

/** How HubSpot keeps what it was sent. */
const inHubSpot = (raw: unknown): string | null => (typeof raw === 'string' && raw !== '' ? raw : null);

/** How Salesforce keeps what it was sent: trimmed, checkboxes never null, instants to the second in its own spelling. */
export function inSalesforce(kind: Kind, raw: unknown): unknown {
  if (kind === 'boolean') return raw ?? false;
  if (typeof raw !== 'string') return raw;
  if (kind === 'datetime' || kind === 'hubspotDay@UTC') return raw.replace(/(\.\d+)?Z$/, '.000+0000');
  if (kind === 'multipicklist') return raw.split(';').reverse().join(';');
  if (kind === 'text') return raw.replace(/\r?\n/g, '\r\n').trim() || null;
  return raw === '' ? null : raw;
}

/** Plan input with a base in which both sides agree, unless said otherwise. */
export interface Scene {
  readonly object: ObjectSettings;
  readonly narrowedTo?: PlanInput['narrowedTo'];
  readonly kinds: Readonly<Record<string, Kind>>;
  readonly base?: Base | undefined;
  readonly hubspot?: HubSpotValues | undefined;
  readonly salesforce?: SalesforceValues | undefined;
  readonly newer?: PlanInput['newer'];
  readonly salesforceType?: string;
}

export const inputOf = (scene: Scene): PlanInput => ({
  base: undefined,
  hubspot: undefined,
  salesforce: undefined,
  newer: undefined,
  salesforceType: 'Contact',
  ...scene,
});
