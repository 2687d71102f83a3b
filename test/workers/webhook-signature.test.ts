import { describe, expect, test } from '@jest/globals';
import { isSigned, isSignedAction } from '../../workers/webhook-signature.ts';

const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const url = 'https://www.example.com/webhook_uri';
const at = 1_693_657_560_000;

/** HubSpot's own vectors. https://developers.hubspot.com/docs/apps/legacy-apps/authentication/validating-requests */
const third = {
  method: 'POST',
  url,
  body: "{'example_field':'example_value'}",
  headers: {
    'x-hubspot-signature-v3': 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=',
    'x-hubspot-request-timestamp': `${at}`,
  },
};
const first = {
  method: 'POST',
  url,
  body: '[{"eventId":1,"subscriptionId":12345,"portalId":62515,"occurredAt":1564113600000,"subscriptionType":"contact.creation","attemptNumber":0,"objectId":123,"changeSource":"CRM","changeFlag":"NEW","appId":54321}]',
  headers: {
    'x-hubspot-signature': '232db2615f3d666fe21a8ec971ac7b5402d33b9a925784df3ca654d05f4817de',
    'x-hubspot-signature-version': 'v1',
  },
};
const second = {
  method: 'POST',
  url,
  body: '{"example_field":"example_value"}',
  headers: {
    'x-hubspot-signature': '9569219f8ba981ffa6f6f16aa0f48637d35d728c7e4d93d0d52efaa512af7900',
    'x-hubspot-signature-version': 'v2',
  },
};
type Told = { method: string; url: string; body: string; headers: Record<string, string> };
const request = ({ headers, ...rest }: Told) => ({ ...rest, headers: new Headers(headers) });
const third_ = (headers: Record<string, string>): Told => ({ ...third, headers: { ...third.headers, ...headers } });

describe('the third version', () => {
  test.each([
    ['as HubSpot made it', third, 0, true],
    ['four minutes later', third, 240_000, true],
    ['more than five minutes later', third, 300_001, false],
    ['from the near future, by a clock that is behind', third, -59_000, true],
    ['from the future', third, -61_000, false],
    ['with a time that is no number', third_({ 'x-hubspot-request-timestamp': `${at}.0` }), 0, false],
    ['without a time', third_({ 'x-hubspot-request-timestamp': '' }), 0, false],
    ['with another body', { ...third, body: `${third.body} ` }, 0, false],
    ['with another method', { ...third, method: 'PUT' }, 0, false],
    ['for another address', { ...third, url: `${url}/x` }, 0, false],
    ['cut short', third_({ 'x-hubspot-signature-v3': 'K36dawei4A' }), 0, false],
    ['empty', third_({ 'x-hubspot-signature-v3': '' }), 0, false],
  ] as const)('%s', (_, told, laterMs, expected) => {
    expect(isSigned(request(told), secret, 'v1', at + laterMs)).toBe(expected);
  });

  test('with another secret', () => expect(isSigned(request(third), 'other', 'v3', at)).toBe(false));

  test('a wrong one counts whatever the first one says', () => {
    const both = {
      ...first,
      headers: { ...first.headers, 'x-hubspot-signature-v3': 'x', 'x-hubspot-request-timestamp': `${at}` },
    };
    expect(isSigned(request(both), secret, 'v1', at)).toBe(false);
  });
});

test.each([
  ['where it is accepted', first, 'v1', true],
  ['where it is not', first, 'v3', false],
  ['with another body', { ...first, body: '[]' }, 'v1', false],
  ['and none at all', { ...first, headers: {} }, 'v1', false],
] as const)('the first version %s', (_, told, accepts, expected) => {
  expect(isSigned(request(told), secret, accepts, at)).toBe(expected);
});

test('the second version is for actions alone', () => {
  expect(isSignedAction(request(second), secret)).toBe(true);
  expect(isSignedAction(request({ ...second, url: `${url}?x` }), secret)).toBe(false);
  expect(isSignedAction(request(first), secret)).toBe(false);
  expect(isSigned(request(second), secret, 'v1', at)).toBe(false);
});
