import type { RecordRef } from '../../core/record-ref.ts';
import type { Finding } from './narrator.ts';
import type { HubSpotControls, SalesforceControls } from './sandbox-controls.ts';

/** A contact of HubSpot, as Tandem names it. */
export const contact = (id: string): RecordRef => ({ system: 'hubspot', object: 'contacts', id });

/** The fields that Tandem has written there, in one record or in all, in the order of arrival. */
export async function fieldsOf(controls: HubSpotControls | SalesforceControls, id?: string): Promise<string[]> {
  return (await controls.writes()).flatMap((write) => (id === undefined || write.id === id ? [write.field] : []));
}

/** Counts what Tandem writes there from now on. */
export async function counted(
  controls: HubSpotControls | SalesforceControls,
  id?: string,
): Promise<() => Promise<string[]>> {
  const before = (await fieldsOf(controls, id)).length;
  return async () => (await fieldsOf(controls, id)).slice(before);
}

/** That exactly these fields were written, in this order. */
export const wrote = (where: string, fields: readonly string[], expected: readonly string[]): Finding => ({
  isTrue: fields.join() === expected.join(),
  says: `fields written ${where}: ${fields.join(', ') || 'none'}`,
});

/** That a contact has this title in Salesforce. */
export async function titleOf(salesforce: SalesforceControls, id: string, expected: string): Promise<Finding> {
  const title = String((await salesforce.contact(id))['Title']);
  return { isTrue: title === expected, says: `title in Salesforce: "${title}"` };
}
