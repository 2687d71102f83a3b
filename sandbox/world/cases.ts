import type { Person } from './person.ts';

/** What makes some people hard to keep in step. */
export const awkwardCases = [
  'noEmail',
  'emailInAnotherCase',
  'leadAndContact',
  'twoLeads',
  'accents',
  'longestValues',
  'mostlyBlank',
  'sidesDiffer',
] as const;
export type AwkwardCase = (typeof awkwardCases)[number];

/** A person as each side knows them. */
export interface Sides {
  readonly hubspot: Person;
  readonly salesforce: Person;
}

/** Whether a person who is on these sides can be such a case; twins take the room of two in Salesforce. */
export function canBe(awkward: AwkwardCase, place: { inHubSpot: boolean; roomInSalesforce: number }): boolean {
  switch (awkward) {
    case 'leadAndContact':
    case 'twoLeads':
      return place.roomInSalesforce > 1;
    case 'emailInAnotherCase':
    case 'sidesDiffer':
      return place.inHubSpot && place.roomInSalesforce > 0;
    case 'noEmail':
    case 'accents':
    case 'longestValues':
    case 'mostlyBlank':
      return true;
  }
  return awkward satisfies never;
}

const nobody: Omit<Person, 'lastName' | 'email' | 'company' | 'optedOut' | 'isCustomer'> = {
  salutation: '',
  firstName: '',
  phone: '',
  mobile: '',
  title: '',
  website: '',
  industry: '',
  street: '',
  city: '',
  postalCode: '',
  country: '',
  birthday: '',
  revenue: 0,
  interests: [],
};

/** Changes a person as the case has it. */
export function asCase(awkward: AwkwardCase | undefined, person: Person): Sides {
  const same = (changed: Person): Sides => ({ hubspot: changed, salesforce: changed });
  switch (awkward) {
    case undefined:
    case 'leadAndContact':
    case 'twoLeads':
      return same(person);
    case 'noEmail':
      return same({ ...person, email: '' });
    case 'emailInAnotherCase':
      return {
        hubspot: person,
        salesforce: {
          ...person,
          email: person.email.replace(/^./, (c) => c.toUpperCase()).replace('example', 'EXAMPLE'),
        },
      };
    case 'accents':
      // Composed and decomposed letters, a ligature, a letter beyond the first plane, an apostrophe and a hyphen.
      return same({ ...person, firstName: 'Zoë-Ælfgifu', lastName: "D'Ñandú Łukasiewicz 𠮷野", city: 'Ko\u0308ln' });
    case 'longestValues':
      return same({
        ...person,
        company: exactly(person.company, 255),
        website: exactly(`${person.website}/`, 255),
        street: exactly(person.street, 255),
      });
    case 'mostlyBlank': {
      const { lastName, email, company, optedOut, isCustomer } = person;
      return same({ ...nobody, lastName, email, company, optedOut, isCustomer });
    }
    case 'sidesDiffer':
      return {
        hubspot: { ...person, title: `${person.title.slice(0, 100)} (old)` },
        salesforce: { ...person, phone: '' },
      };
  }
  return awkward satisfies never;
}

const exactly = (text: string, length: number): string => text.padEnd(length, 'x').slice(0, length);
