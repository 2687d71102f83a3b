import { expect, test } from '@jest/globals';
import { ManualTime } from '../../sandbox/common/clock.ts';
import { createSalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import * as answers from '../contracts/salesforce-answers.ts';
import { as } from './salesforce-org.ts';

test('the door without sockets answers like the one with them', async () => {
  const baseUrl = () => 'https://acme.my.salesforce.com';
  const { door, records } = createSalesforceSandbox({ clock: new ManualTime(), baseUrl });
  const post = (path: string, body: string, headers: Record<string, string>) =>
    door.fetch(new Request(`http://salesforce.invalid${path}`, { method: 'POST', body, headers }));

  const form = 'grant_type=client_credentials&client_id=sandbox&client_secret=sandbox';
  const granted = await post('/services/oauth2/token', form, { 'content-type': 'application/x-www-form-urlencoded' });
  const { access_token, instance_url } = as(answers.token, await granted.json());
  expect(instance_url).toBe('https://acme.my.salesforce.com');

  const made = await post('/services/data/v67.0/sobjects/Lead/', '{"LastName":"Ada","Company":"Engines"}', {
    authorization: `Bearer ${access_token}`,
    'content-type': 'application/json',
  });
  expect(made.status).toBe(201);
  as(answers.saved, await made.json());
  expect(records('Lead')).toMatchObject([{ Name: 'Ada', Company: 'Engines' }]);
  expect(made.headers.get('sforce-limit-info')).toBe('api-usage=1/100000');
});

test('two orgs made alike answer alike, ids included', () => {
  const [one, two] = [1, 2].map(() => {
    const { people, records } = createSalesforceSandbox({ clock: new ManualTime() });
    people.create('Lead', { LastName: 'Ada', Company: 'Engines' });
    return records('Lead');
  });
  expect(one).toEqual(two);
});
