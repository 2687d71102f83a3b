import type { Tandem } from '../../client/tandem.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { Vendors } from './vendors.ts';
import { contactSettings, until } from './world.ts';

/** A person whom both systems know. */
export interface InStep {
  readonly name: string;
  readonly email: string;
  readonly hubspotId: string;
  readonly salesforceId: string;
  /** The HubSpot side. */
  readonly ref: RecordRef;
}

/** People who are customers, made in HubSpot; answers when Tandem has paired each of them with a new Salesforce contact. */
export async function customersInStep(world: Vendors & { readonly tandem: Tandem }, names: readonly string[]) {
  const made = names.map((name) => {
    const email = `${name}@example.com`;
    const properties = { email, firstname: name, lastname: 'Berg', jobtitle: 'CTO', lifecyclestage: 'customer' };
    return { name, email, hubspotId: world.hubspot.people.create('contacts', properties).id };
  });
  world.hubspot.runEvaluation();
  return await Promise.all(
    made.map(async (person): Promise<InStep> => {
      const ref: RecordRef = { system: 'hubspot', object: 'contacts', id: person.hubspotId };
      await world.tandem.syncNow(ref);
      const pair = await until(async () => (await world.tandem.getRecord(ref)).pair);
      return { ...person, salesforceId: pair.salesforceId, ref };
    }),
  );
}

/** As `contactSettings`, with polls that don't come: nothing is seen but what a test reports. */
export const unpolledSettings = (extra: readonly string[] = []): string =>
  contactSettings(extra).replace(/^polling: .*$/m, 'polling: { hubspot: 1h, salesforce: 1h }');
