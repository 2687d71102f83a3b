import { asText, type Json } from './json.ts';

/** Names of HubSpot's newest filter guide, for those that differ by more than case and hyphens. */
const aliases: Readonly<Record<string, string>> = {
  ALLTYPES: 'ALL_PROPERTY',
  DATETIME_RANGED: 'RANGED_DATE',
  DATETIME_ROLLING: 'ROLLING_DATE_RANGE',
  DATETIME_COMPARATIVE: 'COMPARATIVE_DATE',
  PROPERTY_UPDATED_COMPARATIVE: 'COMPARATIVE_PROPERTY_UPDATED',
  STRING_COMPARATIVE: 'COMPARATIVE_STRING',
};

/** The type of an operation in the spelling of HubSpot's answers (`NUMBER_RANGED` for `number-ranged`). */
export function operationTypeOf(operation: Json): string | undefined {
  const upper = asText(operation.operationType)?.toUpperCase().replaceAll('-', '_');
  return upper === undefined ? undefined : (aliases[upper] ?? upper);
}
