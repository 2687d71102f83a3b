import type { SalesforceReader, SalesforceWriter } from '../types.ts';
import { connectSalesforce, type SalesforceAccess } from './connection.ts';
import { salesforceReader } from './reader.ts';
import { salesforceWriter } from './writer.ts';

/**
 * Salesforce behind client credentials or a JWT. Every failure is a `VendorError`; nothing is repeated but for one
 * repeat with a new token after a 401. Opens no connection by itself; the first call asks for the token.
 */
export function createSalesforce(access: SalesforceAccess): { reader: SalesforceReader; writer: SalesforceWriter } {
  const connection = connectSalesforce(access);
  return { reader: salesforceReader(connection), writer: salesforceWriter(connection) };
}
