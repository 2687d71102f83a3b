import type { Property } from './property.ts';
import type { BadValue } from './refusal.ts';

/** What the JSON of a property value may be; HubSpot's own clients send text, but numbers and booleans get through. */
export type RawValue = string | number | boolean | null;

/** A value as HubSpot keeps it (`''` is no value), or why it does not take it. */
export type Accepted = { readonly value: string } | { readonly bad: BadValue };

interface Surroundings {
  /** The value that the record has now. */
  readonly current: string | null;
  /** The value is an e-mail address. */
  readonly isEmail: boolean;
  readonly isOwner: (id: string) => boolean;
}

const mostCharacters = 65_536;
const email = /^[^\s@,;:<>()"]+@[^\s@.,;:<>()"]+(\.[^\s@.,;:<>()"]+)+$/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Checks one value against its property and brings it into the form that HubSpot keeps: e-mails in lower case, dates
 * as `YYYY-MM-DD`, datetimes as ISO text. `null` and `''` clear the value.
 */
export function accept(property: Property, raw: RawValue, surroundings: Surroundings): Accepted {
  const text = raw === null ? '' : String(raw);
  const refuse = (code: string, message: string): Accepted => ({ bad: { name: property.name, code, message } });
  if (property.readOnly || property.calculated) {
    return refuse('READ_ONLY_VALUE', `"${property.name}" is a read only property; its value cannot be set.`);
  }
  if (text === '') return { value: '' };
  // Our choice, the code and the text: that a value takes 65,536 characters is documented.
  if (text.length > mostCharacters) {
    return refuse(
      'VALUE_TOO_LONG',
      `"${property.name}" takes at most ${mostCharacters} characters, not ${text.length}.`,
    );
  }

  switch (property.type) {
    case 'string':
    case 'phone_number': {
      if (!surroundings.isEmail) return { value: text };
      const address = text.trim().toLowerCase();
      return email.test(address) ? { value: address } : refuse('INVALID_EMAIL', `Email address ${text} is invalid`);
    }
    case 'number':
      return number.test(text) ? { value: text } : refuse('INVALID_INTEGER', `${text} was not a valid number.`);
    case 'bool': {
      const value = text.toLowerCase();
      if (value === 'true' || value === 'false') return { value };
      return refuse('INVALID_OPTION', notAnOption(text, ['true', 'false']));
    }
    case 'date': {
      const day = toDay(text);
      return day ? { value: day } : refuse('INVALID_DATE', `${text} was not a valid date.`);
    }
    case 'datetime': {
      const instant = toInstant(text);
      return instant ? { value: instant } : refuse('INVALID_DATE', `${text} was not a valid date.`);
    }
    case 'enumeration':
      return acceptOption(property, text, surroundings, refuse);
  }
  return property.type satisfies never;
}

function acceptOption(
  property: Property,
  text: string,
  { current, isOwner }: Surroundings,
  refuse: (code: string, message: string) => Accepted,
): Accepted {
  if (property.referencedObjectType === 'OWNER') {
    // Our choice: HubSpot does not document the code for an owner that does not exist.
    return isOwner(text) ? { value: text } : refuse('INVALID_OWNER_ID', `The owner ID ${text} is invalid.`);
  }
  const allowed = property.options.map(({ value }) => value);
  if (property.fieldType !== 'checkbox') {
    return allowed.includes(text) ? { value: text } : refuse('INVALID_OPTION', notAnOption(text, allowed));
  }
  const parts = text.split(';').filter((part) => part !== '');
  const unknown = parts.find((part) => !allowed.includes(part));
  if (unknown !== undefined) return refuse('INVALID_OPTION', notAnOption(unknown, allowed));
  const kept = text.startsWith(';') ? (current ?? '').split(';').filter((part) => part !== '') : [];
  return { value: [...new Set([...kept, ...parts])].join(';') };
}

function notAnOption(value: string, allowed: readonly string[]): string {
  return `${value} was not one of the allowed options: [${allowed.join(', ')}]`;
}

function toDay(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) {
    const instant = epoch(text);
    return instant?.endsWith('T00:00:00.000Z') ? instant.slice(0, 10) : undefined;
  }
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const parsed = new Date(`${text}T00:00:00.000Z`);
  return Number.isNaN(parsed.getTime()) || !parsed.toISOString().startsWith(text) ? undefined : text;
}

function toInstant(text: string): string | undefined {
  if (/^-?\d+$/.test(text)) return epoch(text);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(text)) return undefined;
  const parsed = new Date(text);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}

function epoch(text: string): string | undefined {
  const parsed = new Date(Number(text));
  return Number.isNaN(parsed.getTime()) ? undefined : parsed.toISOString();
}
