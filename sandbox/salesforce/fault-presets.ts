import type { PresetAnswer } from '../common/faults.ts';

const answer = (status: number, errorCode: string, message: string): PresetAnswer => ({
  status,
  body: [{ message, errorCode }],
});

/** Answers for faults that Salesforce itself gives. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm */
export const faultPresets: Readonly<Record<string, PresetAnswer>> = {
  day: answer(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'),
  concurrent: answer(403, 'REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests (Concurrent API Requests) Limit exceeded.'),
  expired: answer(401, 'INVALID_SESSION_ID', 'Session expired or invalid'),
  disabled: answer(403, 'API_DISABLED_FOR_ORG', 'API is not enabled for this Organization or Partner'),
  unavailable: answer(503, 'SERVER_UNAVAILABLE', 'Server too busy'),
  unknown: answer(500, 'UNKNOWN_EXCEPTION', 'An unexpected error occurred.'),
  maintenance: { status: 503, body: '<html><body>We are down for maintenance.</body></html>' },
};
