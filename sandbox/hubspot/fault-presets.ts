import type { PresetAnswer } from '../common/faults.ts';

const correlationId = '00000000-0000-4000-8000-ffffffffffff';
const limit = (message: string, policyName: string) => ({
  status: 'error',
  message,
  errorType: 'RATE_LIMIT',
  correlationId,
  policyName,
});

/** Answers for faults that HubSpot itself gives. https://developers.hubspot.com/docs/api-reference/error-handling */
export const faultPresets: Readonly<Record<string, PresetAnswer>> = {
  burst: { status: 429, body: limit('You have reached your ten_secondly_rolling limit.', 'TEN_SECONDLY_ROLLING') },
  search: { status: 429, body: limit('You have reached your secondly limit.', 'SECONDLY') },
  day: { status: 429, body: limit('You have reached your daily limit.', 'DAILY') },
  expired: {
    status: 401,
    body: {
      status: 'error',
      message: 'The OAuth token used to make this call expired 7 second(s) ago.',
      correlationId,
      category: 'EXPIRED_AUTHENTICATION',
    },
  },
  // Our choice, the body.
  locked: { status: 423, body: { status: 'error', message: 'The object is locked.', correlationId } },
  migrating: {
    status: 477,
    body: { status: 'error', message: 'Migration in progress', correlationId },
    headers: { 'retry-after': '2' },
  },
  gateway: { status: 502, body: '<html><body>502 Bad Gateway</body></html>' },
  unavailable: { status: 503, body: { status: 'error', message: 'Service unavailable', correlationId } },
  timeout: { status: 504, body: '<html><body>504 Gateway Timeout</body></html>' },
};
