import { base, en, Faker } from '@faker-js/faker';
import { type AwkwardCase, asCase, awkwardCases, canBe } from './cases.ts';
import { type Person, peopleOf } from './person.ts';

export interface HubSpotSide {
  /** Answers the new contact's id. */
  createContact(properties: Readonly<Record<string, string>>): string;
}

export interface SalesforceSide {
  /** Answers the new record's id. */
  create(type: SalesforceType, fields: Readonly<Record<string, unknown>>): string;
}

type SalesforceType = 'Account' | 'Contact' | 'Lead';

export interface WorldOptions {
  readonly hubspot: HubSpotSide;
  readonly salesforce: SalesforceSide;
  /** The same seed makes the same world. */
  readonly seed: number;
  /** Contacts in HubSpot, and as many leads and contacts together in Salesforce. */
  readonly records: number;
  /** The share of people whom both sides know. Default: 0.6. */
  readonly overlap?: number;
}

/** A person who was put into the world, and where. */
export interface Inhabitant {
  readonly awkward: AwkwardCase | undefined;
  readonly hubspotId: string | undefined;
  readonly salesforce: readonly { readonly type: 'Contact' | 'Lead'; readonly id: string }[];
}

/** Every how many people one is awkward, after the first of each kind. */
const awkwardEvery = 12;

/** Fills both sides with people in several languages, the awkward ones first, so that small worlds have them too. */
export function seedWorld(options: WorldOptions): readonly Inhabitant[] {
  const { hubspot, salesforce, seed, records, overlap = 0.6 } = options;
  const faker = new Faker({ locale: [en, base], seed });
  const people = peopleOf(seed);
  const accounts = Array.from({ length: Math.ceil(records / 20) }, () => {
    const { company, website, industry, phone } = people.next().value;
    return salesforce.create('Account', { Name: company, Website: website, Industry: industry, Phone: phone });
  });
  const room = { hubspot: records, salesforce: records };
  let shared = Math.round(records * overlap);
  const inhabitants: Inhabitant[] = [];

  while (room.hubspot > 0 || room.salesforce > 0) {
    const onBoth = shared > 0 && room.hubspot > 0 && room.salesforce > 0;
    if (onBoth) shared -= 1;
    const inHubSpot = onBoth || room.hubspot > 0;
    const inSalesforce = onBoth || !inHubSpot;
    const wanted = wantedCase(inhabitants.length, faker);
    const place = { inHubSpot, roomInSalesforce: inSalesforce ? room.salesforce : 0 };
    const awkward = wanted && canBe(wanted, place) ? wanted : undefined;
    const person = asCase(awkward, people.next().value);
    const accountId = faker.helpers.arrayElement(accounts);
    const types = inSalesforce ? typesOf(awkward, faker) : [];
    inhabitants.push({
      awkward,
      hubspotId: inHubSpot ? hubspot.createContact(contactProperties(person.hubspot)) : undefined,
      salesforce: types.map((type) => ({
        type,
        id: salesforce.create(type, recordFields(type, person.salesforce, accountId)),
      })),
    });
    if (inHubSpot) room.hubspot -= 1;
    room.salesforce -= types.length;
  }
  return inhabitants;
}

function wantedCase(n: number, faker: Faker): AwkwardCase | undefined {
  if (n < awkwardCases.length) return awkwardCases[n];
  return n % awkwardEvery === 0 ? faker.helpers.arrayElement(awkwardCases) : undefined;
}

function typesOf(awkward: AwkwardCase | undefined, faker: Faker): readonly ('Contact' | 'Lead')[] {
  if (awkward === 'leadAndContact') return ['Contact', 'Lead'];
  if (awkward === 'twoLeads') return ['Lead', 'Lead'];
  return [faker.helpers.arrayElement(['Contact', 'Lead'] as const)];
}

/** As HubSpot keeps it: texts only, and nothing for what is blank. */
function contactProperties(person: Person): Record<string, string> {
  const properties = {
    email: person.email,
    firstname: person.firstName,
    lastname: person.lastName,
    salutation: person.salutation,
    phone: person.phone,
    mobilephone: person.mobile,
    jobtitle: person.title,
    company: person.company,
    website: person.website,
    industry: person.industry,
    address: person.street,
    city: person.city,
    zip: person.postalCode,
    country: person.country,
    birthday: person.birthday,
    annualrevenue: person.revenue === 0 ? '' : String(person.revenue),
    interests: person.interests.join(';'),
    newsletter: String(!person.optedOut),
    lifecyclestage: person.isCustomer ? 'customer' : 'lead',
    hs_lead_status: person.isCustomer ? '' : 'NEW',
  };
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== ''));
}

function recordFields(type: 'Contact' | 'Lead', person: Person, accountId: string): Record<string, unknown> {
  const both = {
    Salutation: person.salutation,
    FirstName: person.firstName,
    LastName: person.lastName,
    Email: person.email,
    Phone: person.phone,
    MobilePhone: person.mobile,
    Title: person.title,
    HasOptedOutOfEmail: person.optedOut,
    Interests__c: person.interests.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(';'),
  };
  if (type === 'Contact') {
    return { ...both, AccountId: accountId, Birthdate: person.birthday, ...addressFields('Mailing', person) };
  }
  return {
    ...both,
    Company: person.company,
    Website: person.website,
    Industry: person.industry,
    AnnualRevenue: person.revenue === 0 ? null : person.revenue,
    LeadSource: 'Web',
    ...addressFields('', person),
  };
}

const addressFields = (prefix: string, { street, city, postalCode, country }: Person) => ({
  [`${prefix}Street`]: street,
  [`${prefix}City`]: city,
  [`${prefix}PostalCode`]: postalCode,
  [`${prefix}Country`]: country,
});
