import type { System } from '../../core/record-ref.ts';
import { failsOf, fields, nameIn, segmentOf } from './plan.ts';
import type { World } from './world.ts';

/** One value that a person put into one field of one record. No two edits bring the same text, but for the blank. */
export interface Edit {
  readonly system: System;
  readonly recordId: string;
  /** The HubSpot property; of a Salesforce edit too. */
  readonly field: string;
  readonly value: string | null;
  readonly at: number;
}

const dayMs = 86_400_000;

const acts = ['edit', 'edit', 'edit', 'edit', 'both', 'cross', 'cross', 'blank', 'create'] as const;
const racingActs = ['edit', 'both', 'cross', 'crossWithEdit', 'crossWithEdit', 'blank'] as const;
type Act = (typeof acts)[number] | (typeof racingActs)[number];

/** Somebody at each of the two systems who works at times and at records that the seed draws. */
export class People {
  readonly edits: Edit[] = [];
  /** How often a record was brought over the segment's border. */
  crossings = 0;
  /** When the segment's filter was edited last. */
  filterEditedAt: number | undefined;
  /** What was there before is no edit. */
  startedAt = 0;
  readonly #world: World;
  #made = 0;

  constructor(world: World) {
    this.#world = world;
  }

  /** Fills both systems; a share of the people is known to both. Nothing of it is an edit. */
  settle(): void {
    const { random, plan } = this.#world;
    for (let i = 0; i < plan.records; i += 1) {
      const email = `person${i}@example.com`;
      const where = random.pick(['both', 'both', 'hubspot', 'salesforce'] as const);
      if (where !== 'salesforce') this.#createInHubSpot(email);
      if (where !== 'hubspot') this.#createInSalesforce(email);
      if (where === 'both' && random.chance(0.1)) this.#createInSalesforce(email, false, dayMs); // known there twice, and the other one is older
    }
  }

  /** Makes the appointments of the whole history; answers when the last one is. */
  plan(): number {
    const { random, plan, time } = this.#world;
    const start = time.now();
    this.startedAt = start;
    const times = Array.from({ length: plan.edits }, () => random.between(0, plan.spanMs)).sort((a, b) => a - b);
    for (const at of times) {
      const act = random.pick(failsOf(plan) ? acts : racingActs);
      time.after(at, () => this.#act(act));
    }
    for (let i = random.between(0, 4); i > 0; i -= 1) time.after(random.between(0, plan.spanMs), () => this.#resync());
    if (failsOf(plan)) {
      for (let i = random.between(0, 6); i > 0; i -= 1) time.after(random.between(0, plan.spanMs), () => this.#lock());
    }
    for (let i = plan.filterEdits; i > 0; i -= 1) time.after(random.between(0, plan.spanMs), () => this.#editFilter());
    return start + plan.spanMs;
  }

  /** Half of the time the filter says the same afterwards, and is evaluated anew all the same. */
  #editFilter(): void {
    const { random, hubspot, segmentId, plan, time } = this.#world;
    const word = random.pick(['in', 'out'] as const);
    hubspot.people.updateListFilters(segmentId, segmentOf(plan, word));
    this.filterEditedAt = time.now();
    this.#world.note(`somebody edits the filter: members begin with "${word}"`);
    this.#world.noteTruth();
  }

  /** An operator syncs all members by hand. */
  #resync(): void {
    this.#world.resync(`by-hand-${(this.#made += 1)}`);
  }

  /** Somebody's flow holds rows for a moment: the next writes of Salesforce are refused. */
  #lock(): void {
    const { salesforce, random } = this.#world;
    const code = 'UNABLE_TO_LOCK_ROW';
    salesforce.rules.set([{ object: 'Contact', field: 'LastName', when: 'always', code, times: random.between(1, 4) }]);
  }

  #act(act: Act): void {
    const { random } = this.#world;
    switch (act) {
      case 'edit':
        return this.#edit(random.pick(['hubspot', 'salesforce'] as const), this.#field(), this.#text());
      case 'blank':
        return this.#edit(random.pick(['hubspot', 'salesforce'] as const), this.#field(), null);
      case 'both': {
        const field = this.#field();
        const person = `person${random.between(0, this.#world.plan.records)}@example.com`;
        this.#editOf(person, 'hubspot', field, this.#text());
        this.#editOf(person, 'salesforce', field, this.#text());
        return;
      }
      case 'cross': {
        this.crossings += 1;
        return this.#edit('hubspot', this.#world.plan.segmentOn, this.#text());
      }
      case 'crossWithEdit': {
        this.crossings += 1;
        const ids = this.#ids('hubspot');
        if (ids.length === 0) return;
        const id = random.pick(ids);
        this.#put('hubspot', id, this.#field(), this.#text());
        return this.#put('hubspot', id, this.#world.plan.segmentOn, this.#text());
      }
      case 'create': {
        const email = `new${(this.#made += 1)}@example.com`;
        if (random.chance(0.5)) this.#createInHubSpot(email, true);
        else this.#createInSalesforce(email, true);
        return;
      }
    }
    act satisfies never;
  }

  #field(): string {
    return this.#world.random.pick(fields).hubspot;
  }

  /** Half of all texts are such as the segment takes. */
  #text(): string {
    return `${this.#world.random.pick(['in', 'out'])} ${(this.#made += 1)}`;
  }

  #edit(system: System, field: string, value: string | null): void {
    const ids = this.#ids(system);
    if (ids.length > 0) this.#put(system, this.#world.random.pick(ids), field, value);
  }

  #editOf(email: string, system: System, field: string, value: string): void {
    const { hubspot, salesforce } = this.#world;
    const id =
      system === 'hubspot'
        ? hubspot.recordBy('contacts', 'email', email)?.id
        : String(salesforce.records('Contact', { email })[0]?.['Id'] ?? '');
    if (id) this.#put(system, id, field, value);
  }

  #ids(system: System): string[] {
    const { hubspot, salesforce } = this.#world;
    if (system === 'hubspot') return hubspot.recordIds('contacts');
    return salesforce.records('Contact').map((record) => String(record['Id']));
  }

  #put(system: System, recordId: string, field: string, value: string | null): void {
    const { hubspot, salesforce } = this.#world;
    const name = nameIn(system, field);
    if (name === '') return;
    const record =
      system === 'hubspot' ? hubspot.record('contacts', recordId)?.properties : salesforce.record('Contact', recordId);
    const known = record?.[name];
    if (value === null && (known ?? '') === '') return; // nothing changes
    try {
      if (system === 'hubspot') hubspot.people.edit('contacts', recordId, { [name]: value ?? '' });
      else salesforce.people.update('Contact', recordId, { [name]: value });
    } catch {
      return; // the system took no such edit
    }
    this.#note(system, recordId, field, value);
    this.#world.note(`a person puts ${JSON.stringify(value)} into ${field} of ${system} ${recordId}`);
    if (system === 'hubspot') this.#world.noteTruth();
  }

  #note(system: System, recordId: string, field: string, value: string | null): void {
    if (fields.some((one) => one.hubspot === field)) {
      this.edits.push({ system, recordId, field, value, at: this.#world.time.now() });
    }
  }

  #createInHubSpot(email: string, noted = false): void {
    const { random, hubspot, plan } = this.#world;
    const values = this.#someValues();
    values[plan.segmentOn] ??= `${random.pick(['in', 'out'])} ${(this.#made += 1)}`;
    const { id } = hubspot.people.create('contacts', { email, lastname: `Person ${email}`, ...values });
    this.#world.noteTruth();
    if (!noted) return;
    this.#world.note(`a person creates HubSpot ${id}: ${JSON.stringify(values)}`);
    for (const [field, value] of Object.entries(values)) this.#note('hubspot', id, field, value);
  }

  #createInSalesforce(email: string, noted = false, ageMs = 0): void {
    const values = this.#someValues();
    const named = fields.flatMap(({ hubspot, salesforce }) =>
      values[hubspot] ? [[salesforce, values[hubspot]] as const] : [],
    );
    const id = this.#world.salesforce.people.create(
      'Contact',
      {
        Email: email,
        LastName: `Person ${email}`,
        ...Object.fromEntries(named),
      },
      ageMs > 0 ? { at: this.#world.time.now() - ageMs } : {},
    );
    if (!noted) return;
    this.#world.note(`a person creates Salesforce ${id}: ${JSON.stringify(values)}`);
    for (const [field, value] of Object.entries(values)) this.#note('salesforce', id, field, value ?? null);
  }

  #someValues(): Record<string, string> {
    const { random } = this.#world;
    return Object.fromEntries(fields.flatMap(({ hubspot }) => (random.chance(0.6) ? [[hubspot, this.#text()]] : [])));
  }
}
