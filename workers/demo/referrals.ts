import type { HubSpotControls, PersonType, SalesforceControls } from './sandbox-controls.ts';

/** The lead source of the people whom the story imports. */
export const source = 'Partner Referral';

/** Somebody whom Salesforce knows in full. */
export interface Referral {
  readonly name: string;
  /** As HubSpot has it, or gets it. */
  readonly email: string;
  /** What HubSpot knew from the beginning, besides the email. */
  readonly inHubSpot: 'customer' | 'lead' | undefined;
  /** Everything else, by the names of HubSpot's properties. */
  readonly values: Readonly<Record<string, string>>;
}

/** Older than the settings of the story, or their being made would be a change that syncs. */
const longAgo = new Date('2026-01-02T03:04:05.000Z');

const known: readonly (readonly [PersonType, string, string, string, Referral['inHubSpot']])[] = [
  ['Contact', 'Cleo', 'Marsh', 'Head Chef', 'customer'],
  ['Lead', 'Dan', 'Ito', 'Tea Master', 'customer'],
  ['Contact', 'Eve', 'Laurent', 'Sommelier', undefined],
  ['Lead', 'Finn', 'Berg', 'Roaster', undefined],
  ['Contact', 'Gus', 'Novak', 'Baker', 'lead'],
];

/** Puts them into both systems, where HubSpot has no more of them than their email. */
export async function addReferrals(
  hubspot: HubSpotControls,
  salesforce: SalesforceControls,
): Promise<readonly Referral[]> {
  const referrals: Referral[] = [];
  for (const [i, [type, first, last, title, inHubSpot]] of known.entries()) {
    const email = `${first}.${last}@example.com`.toLowerCase();
    const phone = `+44 20 7946 000${i}`;
    const fields = { FirstName: first, LastName: last, Email: email, Title: title, Phone: phone, LeadSource: source };
    await salesforce.createOld(type, type === 'Lead' ? { ...fields, Company: `${last} & Co` } : fields, longAgo);
    if (inHubSpot) await hubspot.createContact({ email, lifecyclestage: inHubSpot });
    const values = { firstname: first, lastname: last, jobtitle: title, phone };
    referrals.push({ name: `${first} ${last}`, email, inHubSpot, values });
  }
  return referrals;
}
