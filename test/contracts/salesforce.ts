import { z } from 'zod';
import type { Contract } from './contract.ts';
import * as answers from './salesforce-answers.ts';

const limit = z.strictObject({ Max: z.int(), Remaining: z.int() });
const address = z.string().regex(/^\/services\/data\/v\d\d\.0\//);
const summary = z.looseObject({
  name: z.string(),
  label: z.string(),
  labelPlural: z.string(),
  custom: z.boolean(),
  keyPrefix: z.string().length(3),
  queryable: z.boolean(),
  createable: z.boolean(),
  updateable: z.boolean(),
  deletable: z.boolean(),
  replicateable: z.boolean(),
  mergeable: z.boolean(),
  undeletable: z.boolean(),
  urls: z.record(z.string(), address),
});
const versions = z.array(z.strictObject({ label: z.string(), url: z.string(), version: z.string() }));
const created = answers.saved;
const queried = z.strictObject({
  totalSize: z.int(),
  done: z.boolean(),
  nextRecordsUrl: address.optional(),
  records: z.array(z.looseObject({ attributes: z.looseObject({ type: z.string(), url: address.optional() }) })),
});
/** An upsert that finds several records shows where they are. */
const upserted = { 201: created, 200: created, 204: undefined, 300: z.array(address).min(2) };
const base = '/services/data/{version}';
const duplicates = z
  .array(z.strictObject({ duplicateResut: z.unknown(), errorCode: z.string(), message: z.string() }))
  .min(1);

/** Salesforce's. https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm */
export const salesforceContract: Contract = {
  calls: {
    'POST /services/oauth2/token': { 200: z.looseObject(answers.token.shape), 400: answers.tokenError },
    'POST /services/oauth2/revoke': { 200: undefined, 400: answers.tokenError },
    'GET /id/{org}/{user}': { 200: z.looseObject({ user_id: z.string(), organization_id: z.string() }) },
    'GET /services/data': { 200: versions },
    [`GET ${base}`]: { 200: z.record(z.string(), address) },
    [`GET ${base}/limits`]: { 200: z.record(z.string(), limit) },
    [`GET ${base}/sobjects`]: {
      200: z.strictObject({ encoding: z.literal('UTF-8'), maxBatchSize: z.literal(200), sobjects: z.array(summary) }),
    },
    [`GET ${base}/sobjects/{type}`]: {
      200: z.strictObject({ objectDescribe: summary, recentItems: z.array(z.unknown()) }),
    },
    [`GET ${base}/sobjects/{type}/describe`]: { 200: answers.describe },
    [`GET ${base}/sobjects/{type}/updated`]: { 200: answers.updated },
    [`GET ${base}/sobjects/{type}/deleted`]: { 200: answers.deleted },
    [`POST ${base}/sobjects/{type}`]: { 201: created },
    [`GET ${base}/sobjects/{type}/{id}`]: { 200: answers.record, 304: undefined },
    [`PATCH ${base}/sobjects/{type}/{id}`]: { 204: undefined, 412: undefined },
    [`DELETE ${base}/sobjects/{type}/{id}`]: { 204: undefined },
    [`GET ${base}/sobjects/{type}/{field}/{value}`]: { 200: answers.record, 300: upserted[300], 304: undefined },
    [`PATCH ${base}/sobjects/{type}/{field}/{value}`]: { ...upserted, 412: undefined },
    [`DELETE ${base}/sobjects/{type}/{field}/{value}`]: { 204: undefined, 300: upserted[300] },
    [`POST ${base}/composite/sobjects`]: { 200: answers.items },
    [`PATCH ${base}/composite/sobjects`]: { 200: answers.items },
    [`DELETE ${base}/composite/sobjects`]: { 200: answers.items },
    [`PATCH ${base}/composite/sobjects/{type}/{field}`]: { 200: answers.items },
    [`POST ${base}/composite/sobjects/{type}`]: { 200: z.array(answers.record.nullable()) },
    [`GET ${base}/composite/sobjects/{type}`]: { 200: z.array(answers.record.nullable()) },
    [`POST ${base}/composite`]: { 200: answers.composite },
    [`GET ${base}/query`]: { 200: queried },
    [`GET ${base}/queryAll`]: { 200: queried },
    [`GET ${base}/query/{locator}`]: { 200: queried },
    [`GET ${base}/queryAll/{locator}`]: { 200: queried },
  },
  path: (pathname) => pathname.replace(/(.)\/$/, '$1'),
  refusal: () => z.union([answers.errors, duplicates]),
  headers: (headers, status, path) => {
    if (!headers.get('date')) return 'there is no Date';
    if (path.startsWith('/services/data/') && !/^api-usage=\d+\/\d+/.test(headers.get('sforce-limit-info') ?? '')) {
      return 'there is no Sforce-Limit-Info';
    }
    const type = headers.get('content-type') ?? '';
    const hasBody = ![204, 304, 412].includes(status) && path.startsWith('/services/data');
    if (hasBody && type !== 'application/json;charset=UTF-8' && !(status >= 414 && type === 'text/html')) {
      return `Content-Type is ${type}`;
    }
    return undefined;
  },
};
