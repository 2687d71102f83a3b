import { setTimeout as delay } from 'node:timers/promises';

/** Where both sandboxes answer. */
export interface SandboxUrls {
  readonly hubspot: string;
  readonly salesforce: string;
}

/** Settings for contacts without a segment, with polls as quick as they may be. */
export const liveSettings = `version: 1
objects:
  contacts:
    salesforce: { types: [Contact] }
    fields:
      - { hubspot: email, salesforce: Email, rule: twoWay }
      - { hubspot: lastname, salesforce: LastName, rule: twoWay }
      - { hubspot: jobtitle, salesforce: Title, rule: twoWay }
polling: { hubspot: 1s, salesforce: 1s }
`;

/** Makes the field in Salesforce that an admin makes by hand. */
export async function makeSalesforceKey({ salesforce }: SandboxUrls): Promise<void> {
  const field = { name: 'Tandem_HubSpot_Id__c', type: 'text', length: 32, externalId: true, unique: true };
  await control('POST', `${salesforce}/_sandbox/fields`, { object: 'Contact', ...field });
}

/**
 * What `liveSettings` sync, seen from outside: somebody makes a contact in HubSpot and it appears in Salesforce, somebody
 * edits it there and the edit appears in HubSpot. Returns when both have; the test's own time limit ends the waiting.
 */
export async function syncOneContact({ hubspot, salesforce }: SandboxUrls): Promise<void> {
  const properties = { email: 'ann@example.com', lastname: 'Berg', jobtitle: 'CTO' };
  const { id } = (await control('POST', `${hubspot}/_sandbox/people/contacts`, { properties })) as { id: string };
  const contact = await until(async () => {
    const found = await control('GET', `${salesforce}/_sandbox/records/Contact?email=${properties.email}`);
    return (found as { records: { Id: string; Title: string }[] }).records.find(({ Title }) => Title === 'CTO');
  });
  await control('PATCH', `${salesforce}/_sandbox/people/Contact/${contact.Id}`, { fields: { Title: 'Owner' } });
  await until(async () => {
    const record = await control('GET', `${hubspot}/_sandbox/records/contacts/${id}`);
    return (record as { properties: Record<string, string> }).properties['jobtitle'] === 'Owner';
  });
}

async function control(method: string, url: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(url, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text}`);
  return text === '' ? undefined : JSON.parse(text);
}

/** Asks until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined | false>): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await delay(100);
  }
}
