import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHubSpot, createSalesforce } from '../../crm/index.ts';
import { hubspotWorld } from './hubspot-world.ts';
import { keyField, salesforceWorld } from './salesforce-world.ts';

/** In every value, id-like name and secret that goes out; nothing that comes back from an adapter may hold it. */
const canary = 'canary7731';
const secrets = { accessToken: `pat-${canary}`, clientSecret: `secret-${canary}` };

let hubspot: Awaited<ReturnType<typeof hubspotWorld>>;
let salesforce: Awaited<ReturnType<typeof salesforceWorld>>;
beforeEach(async () => {
  hubspot = await hubspotWorld({ accessToken: secrets.accessToken });
  salesforce = await salesforceWorld({ clientSecret: secrets.clientSecret });
});
afterEach(async () => {
  await hubspot.close();
  await salesforce.close();
});

/** All that may be shown of an error or a result: message, stack, causes, JSON, and every property however hidden. */
const shownOf = (outcome: unknown): string => {
  const { message, stack, cause } = outcome as Error;
  return [message, stack, cause, JSON.stringify(outcome), inspect(outcome, { depth: 10, showHidden: true })].join('\n');
};

async function outcomeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    return error;
  }
}

/** Answers of vendors that quote what was sent, and answers that break off in the middle of a value. */
const quoting = (text: string) => ({
  'a HubSpot refusal': () =>
    Response.json(
      {
        status: 'error',
        category: text,
        message: text,
        policyName: text,
        errors: [{ message: text, code: text, context: { propertyName: [text] } }],
        context: { ids: [text] },
      },
      { status: 400 },
    ),
  'a Salesforce refusal': () => Response.json([{ errorCode: text, message: text, fields: [text] }], { status: 400 }),
  'a token refusal': () => Response.json({ error: text, error_description: text }, { status: 400 }),
  'a page': () => new Response(`<html>${text}</html>`, { status: 502, headers: { 'content-type': 'text/html' } }),
  'half an answer': () => new Response(`{"results":[{"email":"${text}`, { status: 200 }),
  'an answer of another form': () => Response.json({ results: [{ email: text }], access_token: text }, { status: 200 }),
  'a redirect': () => new Response(null, { status: 302, headers: { location: `https://${canary}.example/${canary}` } }),
});

const value = `${canary} "quoted" ${canary}@example.com`;

describe('no value and no secret is in an error or a result', () => {
  test.each(Object.keys(quoting('')))('after %s', async (kind) => {
    const answerWith = quoting(value)[kind as keyof ReturnType<typeof quoting>];
    hubspot.intercept(async () => answerWith());
    salesforce.intercept(async (request, answer) =>
      request.url.includes('oauth2') && kind !== 'a token refusal' ? await answer(request) : answerWith(),
    );
    const sfAccess = { loginUrl: salesforce.host.url, requestTimeoutMs: 5_000 };
    const auth = { clientId: 'sandbox', clientSecret: secrets.clientSecret };
    const { reader, writer } = createSalesforce({ ...sfAccess, auth });
    const key = 'row 1';
    const outcomes = await Promise.all(
      [
        () => hubspot.reader.readByUnique('contacts', 'email', [value], ['email']),
        () => hubspot.reader.segmentByName('0-1', value),
        () => hubspot.reader.readRecords('contacts', ['1'], ['email']),
        () => hubspot.writer.create('contacts', [{ key, properties: { email: value } }]),
        () => hubspot.writer.update('contacts', [{ key, id: '1', properties: { email: value } }]),
        () => reader.findBy('Contact', 'Email', [value], ['Email']),
        () => reader.count('Contact', `Email = '${canary}'`),
        () => writer.create('Contact', keyField, [{ key, keyValue: canary, fields: { LastName: value } }]),
        () => writer.update('Contact', [{ key, id: '003000000000000AAA', fields: { LastName: value } }]),
      ].map(outcomeOf),
    );
    for (const outcome of outcomes) expect(shownOf(outcome)).not.toContain(canary);
  });

  test('of records that the vendors refuse', async () => {
    const key = 'row 1';
    hubspot.sandbox.people.create('contacts', { email: `${canary}@example.com` });
    const outcomes = await Promise.all(
      [
        () => hubspot.writer.create('contacts', [{ key, properties: { email: `${canary}@example.com` } }]),
        () => hubspot.writer.create('contacts', [{ key, properties: { email: canary, lifecyclestage: canary } }]),
        () => salesforce.reader.count('Contact', `Email = '${canary}`),
      ].map(outcomeOf),
    );
    expect(outcomes).toMatchObject([[{ ok: false }], [{ ok: false }], { name: 'VendorError' }]);
    for (const outcome of outcomes) expect(shownOf(outcome)).not.toContain(canary);
  });

  test('of credentials that are refused', async () => {
    const wrong = `wrong-${canary}`;
    const access = { requestTimeoutMs: 5_000 };
    const auths = [
      { clientId: 'sandbox', clientSecret: wrong },
      { clientId: 'sandbox', username: canary, privateKey: wrong },
    ];
    const outcomes = await Promise.all([
      outcomeOf(() => createHubSpot({ ...access, baseUrl: hubspot.host.url, accessToken: wrong }).reader.account()),
      ...auths.map((auth) =>
        outcomeOf(() => createSalesforce({ ...access, loginUrl: salesforce.host.url, auth }).reader.account()),
      ),
    ]);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({ name: 'VendorError', category: 'credentials' });
      expect(shownOf(outcome)).not.toContain(canary);
    }
  });
});
