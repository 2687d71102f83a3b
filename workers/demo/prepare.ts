import { parseSettings } from '../../core/settings/parse.ts';
import { setUp } from '../set-up.ts';
import { StartError } from '../start-error.ts';
import { addReferrals, type Referral, source } from './referrals.ts';
import { HubSpotControls, SalesforceControls } from './sandbox-controls.ts';
import { customers, demoSettings, keyField } from './settings.ts';
import type { Stage } from './stage.ts';

/** The people of the story, and the segment that one leaves and one joins. */
export interface Cast {
  readonly hubspot: HubSpotControls;
  readonly salesforce: SalesforceControls;
  readonly segmentId: string;
  /** How many contacts HubSpot has, and how many of them are in the segment. */
  readonly contacts: number;
  readonly members: number;
  /** A customer whom both systems know. */
  readonly ada: { readonly hubspotId: string; readonly salesforceId: string };
  /** No customer, and not known to Salesforce. */
  readonly ben: { readonly hubspotId: string; readonly email: string };
  /** People whom Salesforce has known for long. */
  readonly referrals: readonly Referral[];
}

/** Ada's title when the story begins, the same in both systems. */
export const firstTitle = 'Buyer';

/**
 * Gets both sandboxes ready: the two id fields, the segment and the people of the story. From here on HubSpot evaluates
 * segments only when the story says so.
 */
export async function prepare({ urls, systems, narrator }: Stage): Promise<Cast> {
  const hubspot = new HubSpotControls(urls.hubspot);
  const salesforce = new SalesforceControls(urls.salesforce);
  const { settings } = parseSettings(demoSettings);
  if (!settings) throw new StartError('The settings of the demo are wrong; please report it.');
  await hubspot.setEvaluation({ manual: true });

  const types = Object.values(settings.objects).flatMap((object) => object.salesforce.types);
  for (const type of types) await salesforce.addKeyField(type, keyField);
  narrator.prepared(`Salesforce's administrator adds the field ${keyField} to ${types.join(' and ')}.`);
  await setUp(systems, settings);
  narrator.prepared(`\`tandem setup\` adds the property ${settings.keys.hubspot} to HubSpot's contacts.`);

  const brown = { first: 'Ada', last: 'Brown', email: 'ada.brown@example.com' };
  const ada = {
    hubspotId: await hubspot.createContact({
      email: brown.email,
      firstname: brown.first,
      lastname: brown.last,
      jobtitle: firstTitle,
      lifecyclestage: 'customer',
    }),
    salesforceId: await salesforce.createContact({
      Email: brown.email,
      FirstName: brown.first,
      LastName: brown.last,
      Title: firstTitle,
    }),
  };
  const email = 'ben.okafor@example.com';
  const properties = { email, firstname: 'Ben', lastname: 'Okafor', jobtitle: 'Barista', lifecyclestage: 'lead' };
  const ben = { hubspotId: await hubspot.createContact(properties), email };
  const referrals = await addReferrals(hubspot, salesforce);
  const segmentId = await hubspot.createSegment(customers.name, customers.filterBranch);
  await hubspot.evaluate();
  narrator.prepared(
    `HubSpot has the segment "${customers.name}" (id ${segmentId}); Ada Brown (${ada.hubspotId}) is in it, Ben Okafor (${ben.hubspotId}) is not.`,
  );
  const known = referrals.filter(({ inHubSpot }) => inHubSpot).length;
  narrator.prepared(
    `Salesforce has ${referrals.length} people with the lead source "${source}", for longer already. HubSpot knows ${known} of them, by email alone.`,
  );
  const [contacts, members] = [await hubspot.contactCount(), (await hubspot.members(segmentId)).length];
  return { hubspot, salesforce, segmentId, contacts, members, ada, ben, referrals };
}
