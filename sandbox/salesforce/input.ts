import { type Field, type FieldValue, isText } from './fields.ts';
import { toId18 } from './ids.ts';
import type { ObjectType } from './objects/index.ts';
import { badId, noSuchColumn, Refusal } from './refusal.ts';
import { parseDate, parseDatetime, toStamp } from './stamps.ts';

/**
 * Reads what somebody wants a record to hold: fields by their real names, values in stored form. Throws the `Refusal`
 * of the first one that Salesforce would not take. `attributes` is passed over.
 */
export function readInput(
  object: ObjectType,
  input: Readonly<Record<string, unknown>>,
  mode: 'create' | 'update',
): Map<Field, FieldValue> {
  const read = new Map<Field, FieldValue>();
  for (const [name, raw] of Object.entries(input)) {
    if (name === 'attributes') continue;
    const field = object.field(name);
    if (!field) throw noSuchColumn(name, object.name);
    read.set(field, readValue(field, raw));
  }
  for (const field of read.keys()) {
    if (!(mode === 'create' ? field.createable : field.updateable)) throw notWritable(field);
  }
  for (const [field, value] of read) checkValue(field, value);
  return read;
}

/** One value in stored form: blanks are null, texts lose the white space around them (our choice, as Salesforce does). */
function readValue(field: Field, raw: unknown): FieldValue {
  const { type } = field;
  if (raw === null || raw === undefined) return type === 'boolean' ? false : null;
  if (typeof raw !== 'string' && typeof raw !== 'number' && typeof raw !== 'boolean') {
    const text = `Cannot deserialize instance of ${field.type} from START_OBJECT value { or request may be missing a required field at [line:1, column:2]`;
    throw new Refusal(400, 'JSON_PARSER_ERROR', text);
  }
  if (isText(type)) {
    if (typeof raw === 'boolean') throw notParsed(field, raw);
    return String(raw).trim() || null;
  }
  switch (type) {
    case 'id':
    case 'reference':
      return raw === '' ? null : String(raw);
    case 'boolean':
      if (raw === true || raw === 'true') return true;
      if (raw === false || raw === 'false') return false;
      throw notParsed(field, raw);
    case 'int':
    case 'double':
    case 'currency': {
      const number =
        typeof raw === 'number' ? raw : typeof raw === 'string' && raw.trim() !== '' ? Number(raw) : Number.NaN;
      if (raw === '') return null;
      if (!Number.isFinite(number) || (type === 'int' && !Number.isInteger(number))) throw notParsed(field, raw);
      return Number(number.toFixed(field.scale));
    }
    case 'date': {
      if (raw === '') return null;
      const day =
        parseDate(String(raw)) ?? (parseDatetime(String(raw)) === undefined ? undefined : String(raw).slice(0, 10));
      if (day === undefined) throw notParsed(field, raw);
      return day;
    }
    case 'datetime': {
      if (raw === '') return null;
      const ms = parseDatetime(String(raw));
      if (ms === undefined) throw notParsed(field, raw);
      return toStamp(ms);
    }
  }
  return type satisfies never;
}

function checkValue(field: Field, value: FieldValue): void {
  if (value === null) {
    if (!field.nillable) throw missing([field]);
    return;
  }
  if (field.type === 'multipicklist') return checkPicks(field, String(value));
  if (typeof value === 'string' && isText(field.type) && value.length > field.length) {
    throw new Refusal(
      400,
      'STRING_TOO_LONG',
      `${field.label}: data value too large: ${value} (max length=${field.length})`,
      [field.name],
    );
  }
  if (
    field.type === 'email' &&
    !/^[^\s@<>,;:"()[\]\\]+@[^\s@<>,;:"()[\]\\.]+(\.[^\s@<>,;:"()[\]\\.]+)+$/.test(String(value))
  ) {
    throw new Refusal(400, 'INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name]);
  }
  if (field.type === 'picklist') checkPicks(field, String(value));
  if (field.type === 'reference' && toId18(String(value)) === undefined) throw badId(field.label, String(value));
  if (typeof value === 'number' && Math.abs(value) >= 10 ** (field.precision - field.scale)) {
    throw new Refusal(
      400,
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${value}`,
      [field.name],
    );
  }
}

function checkPicks(field: Field, value: string): void {
  if (!field.restricted) return;
  const picks = field.type === 'multipicklist' ? value.split(';') : [value];
  const bad = picks.find((pick) => !field.picklist.includes(pick));
  if (bad === undefined) return;
  throw new Refusal(
    400,
    'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
    `${field.label}: bad value for restricted picklist field: ${bad}`,
    [field.name],
  );
}

export const missing = (fields: readonly Field[]): Refusal => {
  const names = fields.map(({ name }) => name);
  return new Refusal(400, 'REQUIRED_FIELD_MISSING', `Required fields are missing: [${names.join(', ')}]`, names);
};

const notWritable = ({ name }: Field): Refusal =>
  new Refusal(
    400,
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${name}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    [name],
  );

function notParsed(field: Field, raw: string | number | boolean): Refusal {
  const token =
    typeof raw === 'string'
      ? 'VALUE_STRING'
      : typeof raw === 'boolean'
        ? `VALUE_${String(raw).toUpperCase()}`
        : 'VALUE_NUMBER';
  const type = field.type === 'int' ? 'int' : isText(field.type) ? 'string' : field.type;
  return new Refusal(
    400,
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${token} value ${String(raw)} or request may be missing a required field at [line:1, column:2]`,
  );
}
