/** Kinds whose values read the same everywhere. */
export type PlainKind = 'text' | 'email' | 'number' | 'boolean' | 'date' | 'datetime' | 'picklist' | 'multipicklist';

/** A day on one side and an instant on the other: the day that clocks in a zone show then. */
export type DayKind = 'hubspotDay' | 'salesforceDay';

/**
 * How the values of a mapped field are read, compared and written. `hubspotDay@{zone}` is a day in HubSpot and an instant
 * in Salesforce, `salesforceDay@{zone}` the other way; a day is written as the instant at which it begins there.
 */
export type Kind = PlainKind | `${DayKind}@${string}`;

const numbers = ['double', 'int', 'long', 'currency', 'percent'];
const texts = ['string', 'textarea', 'phone', 'url', 'combobox', 'encryptedstring'];
/** A reference holds a record id: a closed set of values like a picklist's. */
const choices = ['picklist', 'reference', 'id'];

/**
 * The kind of a field mapped between a HubSpot property of `hubspotType` (`string`, `enumeration`, …) and a Salesforce
 * field of `salesforceType` (as `describe` names it); undefined where the two can't be mapped. `hubspotFieldType`
 * (`select`, `checkbox`, …) tells single from multiple choice; without it Salesforce's type decides.
 *
 * The pairs are those of HubSpot's "Map HubSpot properties to Salesforce fields", and the ones its default mappings
 * need besides: text with a picklist (salutation), text with a number (a contact's annual revenue), phone, url, email,
 * currency, percent. Percentages cross as they are stored. Days and instants meet in `zone`, the account's own.
 */
export function kindOf(
  hubspotType: string,
  salesforceType: string,
  hubspotFieldType?: string,
  zone = 'UTC',
): Kind | undefined {
  const among = (types: readonly string[]): boolean => types.includes(salesforceType);
  switch (hubspotType) {
    case 'string':
    case 'phone_number':
      if (salesforceType === 'email') return 'email';
      if (among(numbers)) return 'number';
      if (among(choices)) return 'picklist';
      return among(texts) ? 'text' : undefined;
    case 'number':
      return among(numbers) ? 'number' : undefined;
    case 'bool':
      return salesforceType === 'boolean' ? 'boolean' : undefined;
    case 'enumeration':
      if (hubspotFieldType === 'booleancheckbox') return salesforceType === 'boolean' ? 'boolean' : undefined;
      if (salesforceType === 'multipicklist') return isSingleChoice(hubspotFieldType) ? undefined : 'multipicklist';
      if (hubspotFieldType === 'checkbox') return undefined;
      return among(choices) || among(['string', 'combobox']) ? 'picklist' : undefined;
    case 'date':
      if (salesforceType === 'datetime') return `hubspotDay@${zone}`;
      return salesforceType === 'date' ? 'date' : undefined;
    case 'datetime':
      if (salesforceType === 'date') return `salesforceDay@${zone}`;
      return salesforceType === 'datetime' ? 'datetime' : undefined;
    default:
      return undefined;
  }
}

const isSingleChoice = (fieldType: string | undefined): boolean => fieldType === 'select' || fieldType === 'radio';
