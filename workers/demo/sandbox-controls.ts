import { z } from 'zod';

/** A field that an API client wrote, as a sandbox counts it. */
export interface CountedWrite {
  readonly id: string;
  readonly field: string;
}

const answers = {
  nothing: z.unknown(),
  traffic: z.object({ writes: z.array(z.object({ id: z.string(), field: z.string() })) }),
  found: z.object({
    records: z.array(
      z.object({
        id: z.string(),
        properties: z.record(z.string(), z.string()),
        history: z.record(z.string(), z.unknown()),
      }),
    ),
  }),
  hubspotIds: z.object({ ids: z.array(z.string()) }),
  contact: z.object({ id: z.string(), properties: z.record(z.string(), z.string()) }),
  list: z.object({ listId: z.string() }),
  members: z.object({ members: z.array(z.object({ recordId: z.string() })) }),
  fits: z.object({ answer: z.enum(['true', 'false', 'unknown']) }),
  created: z.object({ id: z.string() }),
  fields: z.record(z.string(), z.unknown()),
  records: z.object({ records: z.array(z.record(z.string(), z.unknown())) }),
};

const personTypes = ['Contact', 'Lead'] as const;
export type PersonType = (typeof personTypes)[number];

/** What both sandboxes answer without being asked as a vendor. */
class Controls {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** All fields that API clients have written so far, in the order of arrival. */
  async writes(): Promise<readonly CountedWrite[]> {
    return (await this.ask(answers.traffic, 'GET', 'traffic')).writes;
  }

  protected async ask<T>(answer: z.ZodType<T>, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.#url}/_sandbox/${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${this.#url}/_sandbox/${path}: ${response.status} ${text}`);
    return answer.parse(text === '' ? {} : JSON.parse(text));
  }
}

/** HubSpot's sandbox: what people do there, when segments are evaluated, and what it holds. */
export class HubSpotControls extends Controls {
  async createContact(properties: Readonly<Record<string, string>>): Promise<string> {
    return (await this.ask(answers.contact, 'POST', 'people/contacts', { properties })).id;
  }

  async editContact(id: string, properties: Readonly<Record<string, string>>): Promise<void> {
    await this.ask(answers.contact, 'PATCH', `people/contacts/${id}`, { properties });
  }

  async contact(id: string): Promise<Readonly<Record<string, string>>> {
    return (await this.ask(answers.contact, 'GET', `records/contacts/${id}`)).properties;
  }

  /** With all properties that ever had a value, by their names. */
  async contactWith(email: string) {
    const path = `records/contacts?email=${encodeURIComponent(email)}`;
    return (await this.ask(answers.found, 'GET', path)).records[0];
  }

  async contactCount(): Promise<number> {
    return (await this.ask(answers.hubspotIds, 'GET', 'records/contacts')).ids.length;
  }

  /** An active segment of contacts. */
  async createSegment(name: string, filterBranch: unknown): Promise<string> {
    return (await this.ask(answers.list, 'POST', 'people/lists', { name, filterBranch })).listId;
  }

  /** Who HubSpot says is in it. */
  async members(segmentId: string): Promise<readonly string[]> {
    const { members } = await this.ask(answers.members, 'GET', `memberships/${segmentId}`);
    return members.map(({ recordId }) => recordId);
  }

  /** Whether the segment's filter fits the contact's values, whatever HubSpot says of its members. */
  async fits(segmentId: string, contactId: string): Promise<boolean> {
    return (await this.ask(answers.fits, 'GET', `evaluate/${segmentId}/${contactId}`)).answer === 'true';
  }

  /** From now on segments are evaluated so long after a change, or only by `evaluate`. */
  async setEvaluation(pace: { readonly delayMs: number } | { readonly manual: true }): Promise<void> {
    await this.ask(answers.nothing, 'PUT', 'evaluation', pace);
  }

  async evaluate(): Promise<void> {
    await this.ask(answers.nothing, 'POST', 'evaluation/run');
  }
}

/** Salesforce's sandbox: what people and the administrator do there, and what it holds. */
export class SalesforceControls extends Controls {
  /** What the administrator clicks when `tandem setup` asks for it. */
  async addKeyField(object: string, name: string): Promise<void> {
    const field = { object, name, type: 'text', length: 32, externalId: true, unique: true };
    await this.ask(answers.nothing, 'POST', 'fields', field);
  }

  async createContact(fields: Readonly<Record<string, string>>): Promise<string> {
    return (await this.ask(answers.created, 'POST', 'people/Contact', { fields })).id;
  }

  /** A record that has been there since that moment. */
  async createOld(type: PersonType, fields: Readonly<Record<string, string>>, at: Date): Promise<string> {
    return (await this.ask(answers.created, 'POST', `people/${type}?at=${at.getTime()}`, { fields })).id;
  }

  async editContact(id: string, fields: Readonly<Record<string, string>>): Promise<void> {
    await this.ask(answers.nothing, 'PATCH', `people/Contact/${id}`, { fields });
  }

  async contact(id: string): Promise<Readonly<Record<string, unknown>>> {
    return await this.ask(answers.fields, 'GET', `records/Contact/${id}`);
  }

  /** All contacts and leads. */
  async people(): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const found = await Promise.all(personTypes.map((type) => this.ask(answers.records, 'GET', `records/${type}`)));
    return found.flatMap(({ records }) => records);
  }

  async contactsWith(email: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
    return (await this.ask(answers.records, 'GET', `records/Contact?email=${encodeURIComponent(email)}`)).records;
  }
}
