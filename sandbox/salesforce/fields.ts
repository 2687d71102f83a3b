export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'email'
  | 'phone'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'date'
  | 'datetime'
  | 'picklist'
  | 'multipicklist'
  | 'reference';

/** What a field holds: dates as `YYYY-MM-DD`, points in time as stamps, several picks as `A;B`. */
export type FieldValue = string | number | boolean | null;

/** One version of a record, complete and never changed in place. */
export type Values = Readonly<Record<string, FieldValue>>;

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type: FieldType;
  /** Most characters of a text; 0 for other types. */
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly custom: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly nillable: boolean;
  /** Taken on create where nothing is sent. */
  readonly defaultValue: FieldValue;
  readonly picklist: readonly string[];
  readonly restricted: boolean;
  readonly externalId: boolean;
  readonly unique: boolean;
  readonly caseSensitive: boolean;
  readonly idLookup: boolean;
  readonly referenceTo: readonly string[];
  readonly relationshipName: string | undefined;
  readonly nameField: boolean;
  /** Digits of a number that Salesforce counts up by itself; 0 for other fields. */
  readonly autoNumber: number;
  /** Worked out from the record's other fields; never written. */
  readonly formula: { readonly text: string; value(values: Values): FieldValue } | undefined;
}

export const readOnly = { createable: false, updateable: false } as const;

type Options = Partial<Omit<Field, 'name' | 'type'>>;

export type TextType = 'string' | 'textarea' | 'email' | 'phone' | 'url' | 'picklist' | 'multipicklist';

const plainTexts: ReadonlySet<FieldType> = new Set(['string', 'textarea', 'email', 'phone', 'url', 'picklist']);

/** Whether values of the type are compared and checked as free text. */
export const isText = (type: FieldType): type is TextType => plainTexts.has(type) || type === 'multipicklist';

/** A field with the defaults that most have: optional, writable, neither unique nor key. */
export function field(name: string, type: FieldType, options: Options = {}): Field {
  const isBoolean = type === 'boolean';
  return {
    name,
    label: labelOf(name),
    type,
    length:
      type === 'id' || type === 'reference' ? 18 : plainTexts.has(type) ? 255 : type === 'multipicklist' ? 4099 : 0,
    precision: 0,
    scale: 0,
    custom: name.endsWith('__c'),
    createable: true,
    updateable: true,
    nillable: !isBoolean,
    defaultValue: isBoolean ? false : null,
    picklist: [],
    restricted: false,
    externalId: false,
    unique: false,
    caseSensitive: false,
    idLookup: false,
    referenceTo: [],
    relationshipName: undefined,
    nameField: false,
    autoNumber: 0,
    formula: undefined,
    ...options,
    ...(options.autoNumber && readOnly),
  };
}

/** A field that Salesforce works out; `text` is what describe shows of it. */
export const formula = (
  name: string,
  type: FieldType,
  text: string,
  value: (values: Values) => FieldValue,
  options: Options = {},
): Field => field(name, type, { ...readOnly, formula: { text, value }, ...options });

export const lookup = (
  name: string,
  referenceTo: readonly string[],
  relationshipName: string,
  options: Options = {},
): Field => field(name, 'reference', { referenceTo, relationshipName, ...options });

/** `MailingPostalCode` is labelled `Mailing Postal Code`, `AccountId` `Account ID`, `Score__c` `Score`. */
export function labelOf(name: string): string {
  return name
    .replace(/__c$/, '')
    .replaceAll('_', ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/\bId\b/, 'ID');
}
