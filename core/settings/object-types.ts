/** A HubSpot object type: the name in API paths, and the id that segments carry. */
export interface HubSpotType {
  readonly type: string;
  readonly typeId: string;
}

interface KnownObject extends HubSpotType {
  /** Salesforce types that a pair of this kind has unless the settings say otherwise. */
  readonly salesforce: readonly string[];
  readonly match: readonly { readonly hubspot: string; readonly salesforce: string }[];
}

/** What an object of this name is unless the settings say otherwise. */
const knownObjects: ReadonlyMap<string, KnownObject> = new Map(
  [
    {
      type: 'contacts',
      typeId: '0-1',
      salesforce: ['Contact', 'Lead'],
      match: [{ hubspot: 'email', salesforce: 'Email' }],
    },
    { type: 'companies', typeId: '0-2', salesforce: ['Account'], match: [] },
    { type: 'deals', typeId: '0-3', salesforce: ['Opportunity'], match: [] },
    { type: 'tickets', typeId: '0-5', salesforce: ['Case'], match: [] },
  ].map((known) => [known.type, known]),
);

export const knownHubSpotTypes: readonly string[] = [...knownObjects.keys()];

/** Salesforce types and match of a HubSpot type that Tandem knows by name. */
export const defaultsFor = (hubspotType: string): KnownObject | undefined => knownObjects.get(hubspotType);

/** Resolves `contacts` or a custom object's type id `2-123`; undefined for anything else. */
export function hubspotType(name: string): HubSpotType | undefined {
  const known = knownObjects.get(name);
  if (known) return { type: known.type, typeId: known.typeId };
  return /^2-[1-9][0-9]*$/.test(name) ? { type: name, typeId: name } : undefined;
}
