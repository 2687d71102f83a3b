import { isKeyField } from '../core/settings/check-keys.ts';
import type { Settings } from '../core/settings/settings.ts';
import { type HubSpotReader, type SalesforceReader, VendorError } from '../crm/types.ts';
import { messageOf } from './caught.ts';
import { StartError } from './start-error.ts';

export interface SetUpSystems {
  readonly hubspot: Pick<HubSpotReader, 'createUniqueProperty'>;
  readonly salesforce: Pick<SalesforceReader, 'fields'>;
}

/** What became of the two id fields, type by type. */
export interface SetUpReport {
  readonly hubspot: readonly {
    readonly type: string;
    readonly property: string;
    readonly result: 'created' | 'present';
  }[];
  readonly salesforce: readonly {
    readonly type: string;
    readonly field: string;
    /** `wrong`: there is a field of that name, but it is no unique external id in text that we may write. */
    readonly result: 'present' | 'missing' | 'wrong';
  }[];
}

export const keyLabels = { hubspot: 'Tandem: Salesforce id', salesforce: 'Tandem HubSpot Id' } as const;

/**
 * Makes HubSpot's id property on every type of the settings and looks for Salesforce's field, which only an admin can
 * make. Doing it again changes nothing. Throws a `StartError` where HubSpot has a property of that name which is of no
 * use.
 */
export async function setUp({ hubspot, salesforce }: SetUpSystems, settings: Settings): Promise<SetUpReport> {
  const { keys } = settings;
  const objects = Object.values(settings.objects);
  const report = {
    hubspot: [] as SetUpReport['hubspot'][number][],
    salesforce: [] as SetUpReport['salesforce'][number][],
  };
  for (const {
    hubspot: { type },
  } of objects) {
    try {
      const result = await hubspot.createUniqueProperty(type, keys.hubspot, keyLabels.hubspot);
      report.hubspot.push({ type, property: keys.hubspot, result });
    } catch (error) {
      throw error instanceof VendorError ? error : new StartError(messageOf(error));
    }
  }
  for (const type of objects.flatMap((object) => object.salesforce.types)) {
    const field = (await salesforce.fields(type)).get(keys.salesforce);
    const result = isKeyField(field) ? 'present' : field ? 'wrong' : 'missing';
    report.salesforce.push({ type, field: keys.salesforce, result });
  }
  return report;
}
