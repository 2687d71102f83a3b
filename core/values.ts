import { canonicalDecimal } from './values/decimal.ts';
import type { DayKind, Kind, PlainKind } from './values/kinds.ts';
import { canonicalDay, canonicalInstant, dayOfInstant, startOfDay } from './values/time.ts';
import { type Canonical, optionSet } from './values/translate.ts';

export { canonicalDecimal, compareDecimals } from './values/decimal.ts';
export { type Kind, kindOf } from './values/kinds.ts';
export { type Limits, type Misfit, misfit, rounded, truncated } from './values/limits.ts';
export { instantMs } from './values/time.ts';
export {
  type Canonical,
  translateFromSalesforce,
  translateToSalesforce,
  type ValuesTable,
} from './values/translate.ts';

interface Codec {
  /** Text of either vendor, not empty, in canonical form. */
  readonly read: (text: string) => Canonical;
  readonly readSalesforce?: (text: string) => Canonical;
  /** What a vendor's null means; null where not given. */
  readonly blank?: string;
  readonly toSalesforce?: (canonical: string) => unknown;
  readonly toHubSpot?: (canonical: string) => string;
}

const codecs: Record<PlainKind, Codec> = {
  text: { read: (text) => plain(text) },
  email: { read: (text) => plain(plain(text)?.toLowerCase() ?? '') },
  number: { read: canonicalDecimal, toSalesforce: exactNumber },
  // A Salesforce checkbox is never null, a HubSpot one starts as null: were null and false two values, an untouched
  // checkbox would be a difference that no write can mend.
  boolean: { read: readBoolean, blank: 'false', toSalesforce: (canonical) => canonical === 'true' },
  date: { read: canonicalDay },
  datetime: { read: canonicalInstant },
  picklist: { read: (text) => storable(text).trim() || null },
  multipicklist: { read: readOptions },
};

const dayCodecs: Record<DayKind, (zone: string) => Codec> = {
  hubspotDay: (zone) => ({
    read: canonicalDay,
    readSalesforce: (text) => dayOfInstant(text, zone),
    toSalesforce: (canonical) => startOfDay(canonical, zone),
  }),
  salesforceDay: (zone) => ({
    read: (text) => dayOfInstant(text, zone),
    readSalesforce: canonicalDay,
    toHubSpot: (canonical) => startOfDay(canonical, zone),
  }),
};

function codecOf(kind: Kind): Codec {
  const [name = '', zone] = kind.split('@');
  return zone === undefined ? codecs[kind as PlainKind] : dayCodecs[name as DayKind](zone);
}

/** Canonical form of a value as HubSpot's API shows it. */
export function fromHubSpot(kind: Kind, raw: string | null | undefined): Canonical {
  const { read, blank = null } = codecOf(kind);
  return isBlank(raw) || isSpace(raw) ? blank : read(raw);
}

/** Canonical form of a value as Salesforce's API shows it, still in Salesforce's vocabulary. */
export function fromSalesforce(kind: Kind, raw: unknown): Canonical {
  const { read, readSalesforce = read, blank = null } = codecOf(kind);
  if (typeof raw === 'number' || typeof raw === 'boolean') return readSalesforce(String(raw));
  if (isBlank(raw) || isSpace(raw)) return blank;
  return typeof raw === 'string' ? readSalesforce(raw) : undefined;
}

/** What is sent to HubSpot; `''` clears. */
export const toHubSpot = (kind: Kind, canonical: string | null): string =>
  canonical === null ? '' : (codecOf(kind).toHubSpot?.(canonical) ?? canonical);

/** What is sent to Salesforce, for a canonical value in Salesforce's vocabulary; null clears. */
export function toSalesforce(kind: Kind, canonical: string | null): unknown {
  const { toSalesforce = (text: string): unknown => text, blank = null } = codecOf(kind);
  const value = canonical ?? blank;
  return value === null ? null : toSalesforce(value);
}

/** The canonical form of a field that nobody has filled. */
export const blankOf = (kind: Kind): string | null => codecOf(kind).blank ?? null;

/** True where a vendor holds nothing for a field, a checkbox never touched included. */
export const isBlank = (raw: unknown): raw is null | undefined | '' => raw === null || raw === undefined || raw === '';

/** White space alone says as little as nothing, for every kind. */
const isSpace = (raw: unknown): boolean => typeof raw === 'string' && raw.trim() === '';

/** Neither PostgreSQL nor a vendor's JSON keeps U+0000 and half characters. */
const storable = (text: string): string => text.toWellFormed().replaceAll('\u0000', '');

/**
 * Salesforce drops white space at both ends of a text, shows line ends as CRLF or LF depending on who wrote them, and
 * neither system composes accents, so none of these is a difference.
 */
const plain = (text: string): string | null => storable(text).normalize('NFC').replace(/\r\n?/g, '\n').trim() || null;

function readBoolean(text: string): Canonical {
  const word = text.trim().toLowerCase();
  return word === 'true' || word === 'false' ? word : undefined;
}

/** HubSpot's leading `;` (append) and empty parts carry no option. */
function readOptions(text: string): Canonical {
  const options = storable(text)
    .split(';')
    .map((option) => option.trim())
    .filter((option) => option !== '');
  return options.length > 0 ? optionSet(options) : null;
}

/** A JSON number where it holds every digit, else the digits as text, which Salesforce reads as a number too. */
function exactNumber(canonical: string): unknown {
  const number = Number(canonical);
  return canonicalDecimal(String(number)) === canonical ? number : canonical;
}
