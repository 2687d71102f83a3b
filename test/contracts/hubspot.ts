import { z } from 'zod';
import type { Contract } from './contract.ts';
import { batchBody, errorBody, listBody, recordBody, stamp } from './hubspot-answers.ts';

const next = z.strictObject({ after: z.string(), link: z.string().optional() });
const paging = z.strictObject({ next });
const list = <T extends z.ZodType>(item: T) => z.strictObject({ results: z.array(item), paging: paging.optional() });
const batch = <T extends z.ZodType>(item: T) => batchBody.extend({ results: z.array(item) });
const shared = { createdAt: stamp, updatedAt: stamp, archived: z.boolean() };

const option = z.strictObject({
  label: z.string(),
  value: z.string(),
  displayOrder: z.int(),
  hidden: z.boolean(),
  description: z.string().optional(),
});
const property = z.strictObject({
  name: z.string(),
  label: z.string(),
  type: z.enum(['bool', 'date', 'datetime', 'enumeration', 'number', 'phone_number', 'string']),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string(),
  options: z.array(option),
  displayOrder: z.int(),
  hasUniqueValue: z.boolean(),
  hidden: z.boolean(),
  formField: z.boolean(),
  calculated: z.boolean(),
  externalOptions: z.boolean(),
  referencedObjectType: z.string().optional(),
  showCurrencySymbol: z.boolean().optional(),
  hubspotDefined: z.boolean(),
  createdUserId: z.string().nullable(),
  updatedUserId: z.string().nullable(),
  dataSensitivity: z.string(),
  modificationMetadata: z.strictObject({
    archivable: z.boolean(),
    readOnlyDefinition: z.boolean(),
    readOnlyValue: z.boolean(),
    readOnlyOptions: z.boolean().optional(),
  }),
  ...shared,
});
const propertyBatch = batchBody.extend({ results: z.array(property) });
const group = z.strictObject({ name: z.string(), label: z.string(), displayOrder: z.int(), archived: z.boolean() });

const schema = z.strictObject({
  id: z.string(),
  objectTypeId: z.string().regex(/^2-\d+$/),
  fullyQualifiedName: z.string().regex(/^p\d+_/),
  portalId: z.int(),
  name: z.string(),
  labels: z.strictObject({ singular: z.string(), plural: z.string() }),
  description: z.string(),
  primaryDisplayProperty: z.string(),
  secondaryDisplayProperties: z.array(z.string()),
  requiredProperties: z.array(z.string()),
  searchableProperties: z.array(z.string()),
  properties: z.array(property),
  associations: z.array(z.unknown()),
  ...shared,
});

const stage = z.strictObject({
  id: z.string(),
  label: z.string(),
  displayOrder: z.int(),
  metadata: z.record(z.string(), z.string()),
  writePermissions: z.string(),
  ...shared,
});
const pipeline = z.strictObject({
  id: z.string(),
  label: z.string(),
  displayOrder: z.int(),
  stages: z.array(stage),
  ...shared,
});

const owner = z.strictObject({
  id: z.string(),
  email: z.email(),
  type: z.enum(['PERSON', 'QUEUE']),
  firstName: z.string(),
  lastName: z.string(),
  userId: z.int().nullable(),
  userIdIncludingInactive: z.int().nullable(),
  ...shared,
});

const account = z.strictObject({
  portalId: z.int(),
  accountType: z.enum(['STANDARD', 'DEVELOPER_TEST', 'SANDBOX', 'APP_DEVELOPER']),
  timeZone: z.string(),
  companyCurrency: z.string(),
  additionalCurrencies: z.array(z.string()),
  utcOffset: z.string().regex(/^[+-]\d\d:\d\d$/),
  utcOffsetMilliseconds: z.int(),
  uiDomain: z.string(),
  dataHostingLocation: z.string(),
});
const usage = z.strictObject({
  name: z.string(),
  usageLimit: z.int(),
  currentUsage: z.int(),
  collectedAt: stamp,
  fetchStatus: z.enum(['CACHED', 'FAILURE', 'NOTFOUND', 'SUCCESS', 'TIMEOUT']),
  resetsAt: stamp,
});

const members = z.strictObject({
  results: z.array(z.strictObject({ recordId: z.string(), membershipTimestamp: stamp })),
  total: z.int(),
  paging: z
    .strictObject({
      next: next.optional(),
      prev: z.strictObject({ before: z.string(), link: z.string() }).optional(),
    })
    .optional(),
});
const membership = z.strictObject({
  listId: z.string(),
  listVersion: z.int(),
  firstAddedTimestamp: stamp,
  lastAddedTimestamp: stamp,
  isPublicList: z.boolean(),
});
const edited = z.strictObject({
  recordsIdsAdded: z.array(z.string()),
  recordIdsRemoved: z.array(z.string()),
  recordIdsMissing: z.array(z.string()),
});
/** A search tells the size among what it was asked for, and no definition. */
const foundList = listBody
  .omit({ size: true, filterBranch: true })
  .extend({ additionalProperties: z.record(z.string(), z.string()) });

const kind = z.strictObject({
  category: z.enum(['HUBSPOT_DEFINED', 'USER_DEFINED']),
  typeId: z.int(),
  label: z.string().nullable(),
});
const link = z.strictObject({ toObjectId: z.int(), associationTypes: z.array(kind).min(1) });
const pair = z.strictObject({
  fromObjectTypeId: z.string(),
  fromObjectId: z.int(),
  toObjectTypeId: z.string(),
  toObjectId: z.int(),
  labels: z.array(z.string()),
});
const id = z.strictObject({ id: z.string() });
const unlabelled = z.strictObject({
  from: id,
  to: id,
  associationSpec: z.strictObject({ associationCategory: z.string(), associationTypeId: z.int() }),
});
const links = z.strictObject({ from: id, to: z.array(link), paging: paging.optional() });
const found = z.strictObject({ total: z.int(), results: z.array(recordBody), paging: paging.optional() });

const objects = '/crm/v3/objects/{type}';
const lists = '/crm/v3/lists';
const properties = '/crm/v3/properties/{type}';
const pipelines = '/crm/v3/pipelines/{type}';
const schemas = '/crm-object-schemas/v3/schemas';
const one = '/crm/v4/objects/{from}/{id}/associations';
const many = '/crm/v4/associations/{from}/{to}';

/** HubSpot's. https://developers.hubspot.com/docs/api-reference/overview */
export const hubspotContract: Contract = {
  calls: {
    [`GET ${objects}`]: { 200: list(recordBody) },
    [`POST ${objects}`]: { 201: recordBody },
    [`GET ${objects}/{id}`]: { 200: recordBody },
    [`PATCH ${objects}/{id}`]: { 200: recordBody },
    [`DELETE ${objects}/{id}`]: { 204: undefined },
    [`POST ${objects}/merge`]: { 200: recordBody },
    [`POST ${objects}/search`]: { 200: found },
    [`POST ${objects}/batch/read`]: { 200: batchBody, 207: batchBody },
    [`POST ${objects}/batch/create`]: { 201: batchBody, 207: batchBody },
    [`POST ${objects}/batch/update`]: { 200: batchBody, 207: batchBody },
    [`POST ${objects}/batch/upsert`]: { 200: batchBody, 207: batchBody },
    [`POST ${objects}/batch/archive`]: { 204: undefined },
    'POST /crm/v3/objects/contacts/gdpr-delete': { 204: undefined },
    [`GET ${properties}`]: { 200: list(property) },
    [`POST ${properties}`]: { 201: property },
    [`GET ${properties}/{name}`]: { 200: property },
    [`PATCH ${properties}/{name}`]: { 200: property },
    [`DELETE ${properties}/{name}`]: { 204: undefined },
    [`POST ${properties}/batch/create`]: { 201: propertyBatch, 207: propertyBatch },
    [`POST ${properties}/batch/read`]: { 200: propertyBatch, 207: propertyBatch },
    [`POST ${properties}/batch/archive`]: { 204: undefined },
    [`GET ${properties}/groups`]: { 200: list(group) },
    [`POST ${properties}/groups`]: { 201: group },
    [`GET ${properties}/groups/{name}`]: { 200: group },
    [`PATCH ${properties}/groups/{name}`]: { 200: group },
    [`DELETE ${properties}/groups/{name}`]: { 204: undefined },
    [`GET ${schemas}`]: { 200: list(schema) },
    [`POST ${schemas}`]: { 201: schema },
    [`GET ${schemas}/{type}`]: { 200: schema },
    [`GET ${pipelines}`]: { 200: list(pipeline) },
    [`GET ${pipelines}/{pipelineId}`]: { 200: pipeline },
    [`GET ${pipelines}/{pipelineId}/stages`]: { 200: list(stage) },
    [`GET ${pipelines}/{pipelineId}/stages/{stageId}`]: { 200: stage },
    'GET /crm/v3/owners': { 200: list(owner) },
    'GET /crm/v3/owners/{id}': { 200: owner },
    'GET /account-info/v3/details': { 200: account },
    'GET /account-info/v3/api-usage/daily/private-apps': { 200: list(usage) },
    [`POST ${lists}`]: { 200: z.strictObject({ list: listBody }) },
    [`GET ${lists}`]: { 200: z.strictObject({ lists: z.array(listBody) }) },
    [`GET ${lists}/{listId}`]: { 200: z.strictObject({ list: listBody }) },
    [`DELETE ${lists}/{listId}`]: { 204: undefined },
    [`PUT ${lists}/{listId}/restore`]: { 204: undefined },
    [`PUT ${lists}/{listId}/update-list-filters`]: { 200: z.strictObject({ updatedList: listBody }) },
    [`PUT ${lists}/{listId}/update-list-name`]: { 200: z.strictObject({ updatedList: listBody }) },
    [`GET ${lists}/object-type-id/{objectTypeId}/name/{listName}`]: { 200: z.strictObject({ list: listBody }) },
    [`POST ${lists}/search`]: {
      200: z.strictObject({ lists: z.array(foundList), total: z.int(), offset: z.int(), hasMore: z.boolean() }),
    },
    [`GET ${lists}/{listId}/memberships`]: { 200: members },
    [`GET ${lists}/{listId}/memberships/join-order`]: { 200: members },
    [`PUT ${lists}/{listId}/memberships/add`]: { 200: edited },
    [`PUT ${lists}/{listId}/memberships/remove`]: { 200: edited },
    [`PUT ${lists}/{listId}/memberships/add-and-remove`]: { 200: edited },
    [`PUT ${lists}/{listId}/memberships/add-from/{sourceId}`]: { 204: undefined },
    [`DELETE ${lists}/{listId}/memberships`]: { 204: undefined },
    [`GET ${lists}/records/{objectTypeId}/{recordId}/memberships`]: {
      200: z.strictObject({ results: z.array(membership), total: z.int() }),
    },
    [`POST ${lists}/records/memberships/batch/read`]: {
      200: batch(
        z.strictObject({
          objectTypeId: z.string(),
          recordId: z.string(),
          recordListMemberships: z.array(membership),
        }),
      ),
    },
    [`PUT ${one}/default/{to}/{toId}`]: { 200: batch(unlabelled) },
    [`GET ${one}/{to}`]: { 200: list(link) },
    [`PUT ${one}/{to}/{toId}`]: { 201: pair },
    [`DELETE ${one}/{to}/{toId}`]: { 204: undefined },
    [`POST ${many}/batch/read`]: { 200: batch(links), 207: batch(links) },
    [`POST ${many}/batch/create`]: { 201: batch(pair), 207: batch(pair) },
    [`POST ${many}/batch/associate/default`]: { 200: batch(unlabelled), 207: batch(unlabelled) },
    [`POST ${many}/batch/archive`]: { 204: undefined },
    [`POST ${many}/batch/labels/archive`]: { 204: undefined },
    [`GET ${many}/labels`]: { 200: list(kind) },
    [`POST ${many}/labels`]: { 200: list(kind) },
    [`PUT ${many}/labels`]: { 204: undefined },
    [`DELETE ${many}/labels/{typeId}`]: { 204: undefined },
  },
  path: (pathname) =>
    pathname
      .replaceAll(/\/{2,}/g, '/')
      .replace(/(.)\/$/, '$1')
      .replace(/^\/crm\/associations\/\d{4}-\d{2}(?=\/)/, '/crm/v4/associations')
      .replace(/^\/crm\/objects\/\d{4}-\d{2}(?=\/[^/]+\/[^/]+\/associations\/)/, '/crm/v4/objects')
      .replace(/^\/crm\/(objects|lists|properties|owners|pipelines)\/\d{4}-\d{2}(?=\/|$)/, '/crm/v3/$1'),
  refusal: () => errorBody,
  headers: (headers, status, path) => {
    if (!headers.get('date')) return 'there is no Date';
    if (!headers.get('x-hubspot-correlation-id')) return 'there is no X-HubSpot-Correlation-Id';
    if (status !== 204 && headers.get('content-type') !== 'application/json;charset=utf-8') {
      return `Content-Type is ${headers.get('content-type')}`;
    }
    const isLimited = headers.has('x-hubspot-ratelimit-remaining');
    if (path.endsWith('/search') && path.includes('/objects/') && isLimited)
      return 'searches have no rate-limit headers';
    return undefined;
  },
};
