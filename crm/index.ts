export { type BeforeCall, type Call, callCounts, withBeforeCall } from './calls.ts';
export { type Door, openDoor } from './fetch-timeout.ts';
export { createHubSpot } from './hubspot/index.ts';
export { createSalesforce } from './salesforce/index.ts';
