import type { HubSpotReader, HubSpotWriter } from '../types.ts';
import { associationReads } from './associations.ts';
import { connectHubSpot, type HubSpotAccess } from './connection.ts';
import { propertyReads } from './properties.ts';
import { recordReads } from './records.ts';
import { searchReads } from './search.ts';
import { segmentReads } from './segments.ts';
import { hubspotWriter } from './writer.ts';

/** HubSpot behind an access token. Every failure is a `VendorError`; nothing is repeated. Opens no connection by itself. */
export function createHubSpot(access: HubSpotAccess): { reader: HubSpotReader; writer: HubSpotWriter } {
  const send = connectHubSpot(access);
  const reader = {
    ...recordReads(send),
    ...searchReads(send),
    ...segmentReads(send),
    ...propertyReads(send),
    ...associationReads(send),
  };
  return { reader, writer: hubspotWriter(send) };
}
