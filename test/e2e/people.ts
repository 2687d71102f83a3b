import type { Tandem } from '../../client/tandem.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { Vendors } from './vendors.ts';
import { until } from './world.ts';

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
      const pair = await until(async () => (await world.tandem.getRecord(ref)).pair);
      return { ...person, salesforceId: pair.salesforceId, ref };
    }),
  );
}
