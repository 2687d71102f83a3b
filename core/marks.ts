import type { System } from './record-ref.ts';
import type { ObjectSettings } from './settings/settings.ts';

/** The checkbox on each side that says that the record's counterpart was deleted, where the settings ask for one. */
export function marksOf({ deletes }: Pick<ObjectSettings, 'deletes'>): Partial<Readonly<Record<System, string>>> {
  const { fromSalesforce, fromHubSpot, hubspotMark, salesforceMark } = deletes ?? {};
  return {
    ...(fromSalesforce === 'mark' && hubspotMark && { hubspot: hubspotMark }),
    ...(fromHubSpot === 'mark' && salesforceMark && { salesforce: salesforceMark }),
  };
}

/** Whether a checkbox is ticked, in either system's form. */
export const isMarked = (value: unknown): boolean => value === true || value === 'true';
