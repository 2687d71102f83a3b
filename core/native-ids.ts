import { toId18 } from './record-ref.ts';
import type { ObjectSettings } from './settings/settings.ts';

/**
 * By HubSpot type, the properties in which HubSpot's own Salesforce integration keeps the ids of counterparts. HubSpot does
 * not document them; they stand in many public schemas.
 */
const properties: Readonly<Record<string, readonly string[]>> = {
  contacts: ['salesforcecontactid', 'salesforceleadid'],
  companies: ['salesforceaccountid'],
  deals: ['hs_salesforceopportunityid'],
  tickets: ['salesforcecaseid'],
};

/** Those of an object; custom objects have none that are known. */
export const nativeIdProperties = ({ hubspot }: Pick<ObjectSettings, 'hubspot'>): readonly string[] =>
  properties[hubspot.type] ?? [];

/** The ids that a HubSpot record carries, in the form of 18 characters; what is no id is passed over. */
export const nativeIds = (
  object: Pick<ObjectSettings, 'hubspot'>,
  values: Readonly<Record<string, string | null>> | undefined,
): string[] => nativeIdProperties(object).flatMap((name) => toId18(values?.[name] ?? '') ?? []);
