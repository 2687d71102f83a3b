import { type Field, isText } from '../fields.ts';
import type { ObjectType } from '../objects/index.ts';
import { childRelationships } from '../soql/children.ts';
import { type Endpoint, type Org, ok, tableOf } from './endpoint.ts';

const bulkLimits = [
  ['DailyBulkApiBatches', 15_000],
  ['DailyBulkV2QueryJobs', 10_000],
  ['DailyBulkV2QueryFileStorageMB', 976_562],
] as const;

/** What objects and fields there are, and how much may be asked today. */
export function describeEndpoints(org: Org): Endpoint[] {
  return [
    {
      method: 'GET',
      path: '/',
      handle: ({ basePath }) =>
        ok(
          Object.fromEntries(
            ['sobjects', 'query', 'queryAll', 'composite', 'limits'].map((name) => [name, `${basePath}/${name}`]),
          ),
        ),
    },
    {
      method: 'GET',
      path: '/limits',
      handle: () =>
        ok({
          DailyApiRequests: { Max: org.usage.limit, Remaining: Math.max(0, org.usage.limit - org.usage.used()) },
          // Nothing of the Bulk API is modelled, so nothing of it is used.
          ...Object.fromEntries(bulkLimits.map(([name, Max]) => [name, { Max, Remaining: Max }])),
        }),
    },
    {
      method: 'GET',
      path: '/sobjects',
      handle: ({ basePath }) =>
        ok({
          encoding: 'UTF-8',
          maxBatchSize: 200,
          sobjects: org.store.tables().map(({ object }) => summary(object, basePath)),
        }),
    },
    {
      method: 'GET',
      path: '/sobjects/:type',
      handle: ({ params, basePath }) =>
        ok({ objectDescribe: summary(tableOf(org, params.type).object, basePath), recentItems: [] }),
    },
    {
      method: 'GET',
      path: '/sobjects/:type/describe',
      handle: ({ params, basePath }) => {
        const { object } = tableOf(org, params.type);
        return ok({
          ...summary(object, basePath),
          fields: object.fields().map(describedField),
          recordTypeInfos: [],
          childRelationships: childRelationships(org.store, object).map(({ name, table, field }) => ({
            cascadeDelete: false,
            childSObject: table.object.name,
            deprecatedAndHidden: false,
            field: field.name,
            relationshipName: name,
            restrictedDelete: false,
          })),
        });
      },
    },
  ];
}

function summary(object: ObjectType, basePath: string) {
  const { name, label, labelPlural, keyPrefix, writable, custom } = object;
  const url = `${basePath}/sobjects/${name}`;
  return {
    name,
    label,
    labelPlural,
    keyPrefix,
    custom,
    customSetting: false,
    createable: writable,
    updateable: writable,
    deletable: writable,
    undeletable: writable,
    mergeable: writable,
    queryable: true,
    retrieveable: true,
    replicateable: true,
    searchable: true,
    triggerable: true,
    layoutable: true,
    activateable: false,
    deprecatedAndHidden: false,
    urls: { sobject: url, describe: `${url}/describe`, rowTemplate: `${url}/{ID}` },
  };
}

const soapTypes: Readonly<Partial<Record<Field['type'], string>>> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
};

function describedField(field: Field) {
  const { name, label, type, length, precision, scale, custom, createable, updateable, nillable, nameField } = field;
  const isChoice = type === 'picklist' || type === 'multipicklist';
  return {
    name,
    label,
    type,
    length,
    byteLength: length * 3,
    precision: type === 'int' ? 0 : precision,
    digits: type === 'int' ? precision : 0,
    scale,
    custom,
    createable,
    updateable,
    nillable,
    nameField,
    permissionable: nillable && createable,
    calculated: Boolean(field.formula?.text),
    calculatedFormula: field.formula?.text || null,
    defaultValue: field.defaultValue,
    defaultedOnCreate: field.defaultValue !== null || name === 'OwnerId' || !createable,
    externalId: field.externalId,
    unique: field.unique,
    idLookup: field.idLookup || field.externalId,
    caseSensitive: field.caseSensitive,
    autoNumber: field.autoNumber > 0,
    encrypted: false,
    deprecatedAndHidden: false,
    htmlFormatted: false,
    cascadeDelete: false,
    restrictedDelete: false,
    dependentPicklist: false,
    controllerName: null,
    compoundFieldName: name === 'FirstName' || name === 'LastName' || name === 'Salutation' ? 'Name' : null,
    extraTypeInfo: type === 'textarea' ? 'plaintextarea' : null,
    filterable: true,
    sortable: type !== 'multipicklist',
    groupable: type !== 'multipicklist' && type !== 'double' && type !== 'currency' && type !== 'datetime',
    aggregatable: type !== 'boolean' && type !== 'multipicklist',
    namePointing: field.referenceTo.length > 1,
    polymorphicForeignKey: field.referenceTo.length > 1,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName ?? null,
    relationshipOrder: null,
    referenceTargetField: null,
    writeRequiresMasterRead: false,
    restrictedPicklist: field.restricted,
    picklistValues: isChoice
      ? field.picklist.map((value) => ({
          active: true,
          defaultValue: value === field.defaultValue,
          label: value,
          validFor: null,
          value,
        }))
      : [],
    soapType: soapTypes[type] ?? (isText(type) ? 'xsd:string' : 'xsd:anyType'),
  };
}
