import { z } from 'zod';
import { cronExample } from './cron.ts';
import { durationPattern } from './duration.ts';
import {
  badValuePolicies,
  createPolicies,
  directions,
  exitPolicies,
  hubspotDeletes,
  importEvaluations,
  overlapPolicies,
  rules,
  salesforceDeletes,
} from './settings.ts';

/** Text in a given form; `expected` is what a problem says. */
const text = (expected: string, pattern: RegExp = /\S/) =>
  z.string({ error: expected }).regex(pattern, { error: expected });

const list = <T extends z.ZodType>(item: T, expected: string) => z.array(item, { error: expected });

const property = text('the internal name of a HubSpot property (letters, digits and _)', /^[a-z0-9_]+$/i);
const field = text('the API name of a Salesforce field', /^[a-z][a-z0-9_]*$/i);
const type = text('the API name of a Salesforce type', /^[a-z][a-z0-9_]*$/i);
const duration = text('a duration such as 10s, 15m or 2h', durationPattern);
const objectName = text('an object name: a letter, then letters, digits, - or _', /^[a-z][a-z0-9_-]{0,62}$/i);
const value = text('text; put numbers, true and false in quotes', /^/);

const segment = z.union([text("a segment's id or exact name"), z.int().positive()], {
  error: "a segment's id or exact name",
});
const segments = list(segment, 'a list of segment ids or exact names');

const shared = {
  direction: z.enum(directions).exactOptional(),
  onBadValue: z.enum(badValuePolicies).exactOptional(),
  owner: z
    .strictObject({
      by: z.literal('email').exactOptional(),
      table: z.record(z.string(), value).exactOptional(),
      unmatched: z.literal('restore').exactOptional(),
    })
    .exactOptional(),
  deletes: z
    .strictObject({
      fromHubSpot: z.enum(salesforceDeletes).exactOptional(),
      fromSalesforce: z.enum(hubspotDeletes).exactOptional(),
      hubspotMark: property.exactOptional(),
      salesforceMark: field.exactOptional(),
    })
    .exactOptional(),
  create: z
    .strictObject({
      hubspot: z.enum(createPolicies).exactOptional(),
      salesforce: z.enum(createPolicies).exactOptional(),
    })
    .exactOptional(),
  gate: z
    .strictObject({
      settleSeconds: z
        .number({ error: 'a number of seconds' })
        .min(0, { error: 'a number of seconds, 0 or more' })
        .exactOptional(),
      reevaluationTimeout: duration.exactOptional(),
      onTimeout: z.enum(['hold', 'trustHubSpot']).exactOptional(),
      firstSync: z.enum(['writeBack', 'guarded']).exactOptional(),
      importEvaluation: z.enum(importEvaluations).exactOptional(),
      exit: z.enum(exitPolicies).exactOptional(),
    })
    .exactOptional(),
};

const createRow = z.strictObject({
  when: z.record(property, list(value, 'a list of values, each in text')).exactOptional(),
  type,
});

const fieldMapping = z.strictObject({
  hubspot: property,
  salesforce: z.union([field, z.record(type, field)], {
    error: 'the API name of a Salesforce field, or one for each type: { Lead: Status }',
  }),
  rule: z.enum(rules),
  values: list(
    z.tuple([value, value], { error: 'a pair of texts: [HubSpot value, Salesforce value]' }),
    'a list of pairs: [[HubSpot value, Salesforce value]]',
  ).exactOptional(),
  whenBlank: z.strictObject({ hubspot: value.exactOptional(), salesforce: value.exactOptional() }).exactOptional(),
});

const association = z.strictObject({
  to: objectName,
  label: text('a label of HubSpot, such as Primary').exactOptional(),
  salesforce: z.record(type, field, { error: 'a field for each type: { Contact: AccountId }' }),
});

const object = z.strictObject({
  hubspot: text('the name of a HubSpot type, or the type id of a custom object').exactOptional(),
  salesforce: z
    .strictObject({
      types: list(type, 'a list of Salesforce types').exactOptional(),
      create: list(createRow, 'a list of rows').exactOptional(),
      where: z.record(type, text('a SOQL condition, as it stands behind WHERE')).exactOptional(),
    })
    .exactOptional(),
  ...shared,
  match: list(z.strictObject({ hubspot: property, salesforce: field }), 'a list of pairs of fields').exactOptional(),
  segments: z.strictObject({ include: segments.exactOptional(), exclude: segments.exactOptional() }).exactOptional(),
  fields: list(fieldMapping, 'a list of field mappings'),
  associations: list(association, 'a list of associations').exactOptional(),
});

const schedule = z.strictObject({
  name: text('a name: a letter, then letters, digits, - or _', /^[a-z][a-z0-9_-]{0,62}$/i),
  resync: z.strictObject({ object: objectName, segment: segment.exactOptional() }).exactOptional(),
  reconcile: list(objectName, 'a list of objects').exactOptional(),
  cron: text(`a cron line in quotes: ${cronExample}`),
  timezone: text('a time zone by its IANA name, such as Europe/Berlin').exactOptional(),
  overlap: z.enum(overlapPolicies).exactOptional(),
});
export type ScheduleFile = z.infer<typeof schedule>;

/** The form of `tandem.yaml`. What may be left out is filled in by `resolve`. */
export const settingsFile = z.strictObject({
  version: z.literal(1),
  keys: z
    .strictObject({
      hubspot: property.exactOptional(),
      salesforce: field.exactOptional(),
      native: z.enum(['ignore', 'adopt']).exactOptional(),
    })
    .exactOptional(),
  defaults: z.strictObject(shared).exactOptional(),
  objects: z.record(objectName, object),
  polling: z.strictObject({ hubspot: duration.exactOptional(), salesforce: duration.exactOptional() }).exactOptional(),
  schedules: list(schedule, 'a list of schedules').exactOptional(),
});
export type SettingsFile = z.infer<typeof settingsFile>;
export type ObjectFile = SettingsFile['objects'][string];

/** Keys that have a meaning but no code yet. They are refused, as a key that is ignored would promise what is not kept. */
const perObject = ['import'];
const notYet: readonly { readonly at: RegExp; readonly keys: readonly string[] }[] = [
  { at: /^$/, keys: ['limits'] },
  { at: /^defaults$/, keys: perObject },
  { at: /^objects\.[^.]+$/, keys: perObject },
];

/** Whether `key` of the section at `path` is one that a later version of Tandem will take. */
export const isNotYet = (path: readonly PropertyKey[], key: string): boolean =>
  notYet.some(({ at, keys }) => at.test(path.map(String).join('.')) && keys.includes(key));
