import { base, de, en, Faker, fr, ja, type LocaleDefinition, pl } from '@faker-js/faker';

/** Somebody whom both systems may know, in no system's own words. */
export interface Person {
  readonly salutation: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
  readonly phone: string;
  readonly mobile: string;
  readonly title: string;
  readonly company: string;
  readonly website: string;
  readonly industry: string;
  readonly street: string;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
  readonly birthday: string;
  readonly revenue: number;
  readonly interests: readonly string[];
  readonly optedOut: boolean;
  readonly isCustomer: boolean;
}

const homes: readonly { locale: LocaleDefinition; country: string; domain: string }[] = [
  { locale: de, country: 'Deutschland', domain: 'example.de' },
  { locale: fr, country: 'France', domain: 'example.fr' },
  { locale: ja, country: '日本', domain: 'example.jp' },
  { locale: en, country: 'United Kingdom', domain: 'example.co.uk' },
  { locale: pl, country: 'Polska', domain: 'example.pl' },
];

const industries = ['Banking', 'Education', 'Energy', 'Manufacturing', 'Retail', 'Technology'];
const interests = ['analytics', 'automation', 'events', 'support'];

/** An endless row of people, the same for the same seed; no two share an email. */
export function* peopleOf(seed: number): Generator<Person, never> {
  const fakers = homes.map(({ locale }, i) => new Faker({ locale: [locale, en, base], seed: seed * 31 + i }));
  for (let n = 0; ; n += 1) {
    const home = homes[n % homes.length] as (typeof homes)[number];
    const faker = fakers[n % fakers.length] as Faker;
    const [firstName, lastName] = [faker.person.firstName(), faker.person.lastName()];
    const company = faker.company.name();
    yield {
      salutation: faker.helpers.arrayElement(['Mr.', 'Ms.', 'Dr.', '']),
      firstName,
      lastName,
      email: `${plain(firstName)}.${plain(lastName)}.${n}@${home.domain}`,
      phone: faker.phone.number({ style: 'international' }),
      mobile: faker.phone.number({ style: 'international' }),
      title: faker.person.jobTitle().slice(0, 128),
      company,
      website: `https://${plain(company)}.${home.domain}`,
      industry: faker.helpers.arrayElement(industries),
      street: faker.location.streetAddress(),
      city: faker.location.city().slice(0, 40),
      postalCode: faker.location.zipCode(),
      country: home.country,
      birthday: faker.date.birthdate({ refDate: '2026-01-01T00:00:00.000Z' }).toISOString().slice(0, 10),
      revenue: faker.number.int({ min: 1, max: 5_000 }) * 10_000,
      interests: faker.helpers.arrayElements(interests, { min: 0, max: 2 }),
      optedOut: faker.number.int(9) === 0,
      isCustomer: faker.number.int(2) === 0,
    };
  }
}

/** Letters and digits that an address may hold; what is left of a name in another script is `x`. */
const plain = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^a-zA-Z0-9]/g, '')
    .toLowerCase()
    .slice(0, 20) || 'x';
