import { z } from 'zod';
import type { Account } from '../account.ts';
import { spec } from '../associating.ts';
import type { AssociationType } from '../association-types.ts';
import type { End, Link } from '../associations.ts';
import { type Context, type Endpoint, queryNumber, readBody, readList } from '../endpoint.ts';
import { compareIds } from '../ids.ts';
import { iso } from '../record.ts';
import { type ErrorBody, recordNotFound, validationError } from '../refusal.ts';

const id = z.object({ id: z.string() });
const pairs = z.object({ inputs: z.array(z.object({ from: id, to: id })) });
const labelled = z.object({ inputs: z.array(z.object({ from: id, to: id, types: z.array(spec) })) });
const reads = z.object({ inputs: z.array(z.object({ id: z.string(), after: z.string().optional() })) });
const archives = z.object({ inputs: z.array(z.object({ from: id, to: z.array(id) })) });
const labelBody = z.object({ label: z.string(), name: z.string(), inverseLabel: z.string().optional() });
const renameBody = z.object({ associationTypeId: z.int(), label: z.string(), inverseLabel: z.string().optional() });

const mostPerPage = 500;
const most = { read: 1000, create: 2000, archive: 100 } as const;

/** `/crm/v4/associations` and `/crm/v4/objects/{type}/{id}/associations`. */
export function associationEndpoints(account: Account): Endpoint[] {
  const { associations } = account;
  const typeId = (c: Context, name: string) => account.recordsOf(c.req.param(name) ?? '').type.typeId;
  const types = (c: Context) => ({ from: typeId(c, 'from'), to: typeId(c, 'to') });

  /** Throws the answer for a record that is not there. */
  function end(type: string, recordId: string): End {
    const record = account.recordsOf(type).live(recordId);
    if (!record) throw recordNotFound(recordId);
    return { typeId: type, id: record.id };
  }

  /** Those that belong to a record and are not archived. */
  const living = (from: End, toTypeId: string): readonly Link[] =>
    associations.of(from, toTypeId).filter(({ to }) => account.recordsOf(to.typeId).live(to.id) !== undefined);

  function page(from: End, toTypeId: string, after: string | undefined, limit: number) {
    const left = living(from, toTypeId).filter(({ to }) => after === undefined || compareIds(to.id, after) > 0);
    const shown = left.slice(0, limit);
    const last = shown.at(-1)?.to.id;
    return { shown: shown.map(linkJson), ...(left.length > limit && { paging: { next: { after: last } } }) };
  }

  function list(c: Context): Response {
    const { from, to } = types(c);
    const limit = queryNumber(c, 'limit', mostPerPage, mostPerPage);
    const { shown, paging } = page(end(from, c.req.param('id') ?? ''), to, c.req.query('after'), limit);
    return c.json({ results: shown, ...(paging && { paging }) });
  }

  async function put(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const [a, b] = [end(from, c.req.param('id') ?? ''), end(to, c.req.param('toId') ?? '')];
    const given = (await readList(c, spec)).map(({ associationCategory, associationTypeId }) =>
      associations.types.get(from, to, associationCategory, associationTypeId),
    );
    return c.json(pairJson(a, associations.associate(a, b, given, account.apiSource)), 201);
  }

  function putDefault(c: Context): Response {
    const { from, to } = types(c);
    const [a, b] = [end(from, c.req.param('id') ?? ''), end(to, c.req.param('toId') ?? '')];
    return answer(c, 200, associateDefault(a, b), []);
  }

  /** Keeps the labels that there are. */
  function associateDefault(a: End, b: End): unknown[] {
    const there = associations.types.unlabelled(a.typeId, b.typeId);
    associations.associate(a, b, associations.between(a, b)?.types ?? [], account.apiSource);
    return [
      { from: { id: a.id }, to: { id: b.id }, associationSpec: specJson(there) },
      { from: { id: b.id }, to: { id: a.id }, associationSpec: specJson(associations.types.inverse(there)) },
    ];
  }

  function remove(c: Context): Response {
    const { from, to } = types(c);
    associations.dissociate(
      { typeId: from, id: c.req.param('id') ?? '' },
      { typeId: to, id: c.req.param('toId') ?? '' },
      account.apiSource,
    );
    return c.body(null, 204);
  }

  async function readMany(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { inputs } = await readBody(c, reads);
    mustFit(inputs, most.read);
    const results: unknown[] = [];
    const errors: ErrorBody[] = [];
    for (const input of inputs) {
      const { shown, paging } = page({ typeId: from, id: input.id }, to, input.after, mostPerPage);
      if (shown.length === 0) errors.push(nothingFound(from, to, input.id));
      else results.push({ from: { id: input.id }, to: shown, ...(paging && { paging }) });
    }
    return answer(c, 200, results, errors);
  }

  const singular = (type: string): string => account.recordsOf(type).type.singular.toLowerCase();

  function nothingFound(from: string, to: string, fromId: string): ErrorBody {
    const [fromName, toName] = [singular(from), singular(to)];
    return {
      category: 'OBJECT_NOT_FOUND',
      subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
      message: `No ${toName} is associated with ${fromName} ${fromId}.`,
      context: { fromObjectId: [fromId], fromObjectType: [fromName], toObjectType: [toName] },
    };
  }

  async function createMany(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { inputs } = await readBody(c, labelled);
    mustFit(inputs, most.create);
    const results: unknown[] = [];
    const errors: ErrorBody[] = [];
    for (const input of inputs) {
      const a = account.recordsOf(from).live(input.from.id);
      const b = account.recordsOf(to).live(input.to.id);
      if (!a || !b) {
        // Our choice: a pair that lacks a record fails alone.
        const context = { fromObjectId: [input.from.id], toObjectId: [input.to.id] };
        errors.push({ category: 'OBJECT_NOT_FOUND', message: 'resource not found', context });
        continue;
      }
      const given = input.types.map(({ associationCategory, associationTypeId }) =>
        associations.types.get(from, to, associationCategory, associationTypeId),
      );
      const [fromEnd, toEnd] = [a, b].map((record) => ({ typeId: record.type.typeId, id: record.id })) as [End, End];
      results.push(pairJson(fromEnd, associations.associate(fromEnd, toEnd, given, account.apiSource)));
    }
    return answer(c, 201, results, errors);
  }

  async function defaultMany(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { inputs } = await readBody(c, pairs);
    mustFit(inputs, most.create);
    const results = inputs.flatMap((input) => associateDefault(end(from, input.from.id), end(to, input.to.id)));
    return answer(c, 200, results, []);
  }

  async function archiveMany(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { inputs } = await readBody(c, archives);
    mustFit(inputs, most.archive);
    for (const input of inputs) {
      for (const other of input.to) {
        associations.dissociate({ typeId: from, id: input.from.id }, { typeId: to, id: other.id }, account.apiSource);
      }
    }
    return c.body(null, 204);
  }

  async function archiveLabels(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { inputs } = await readBody(c, labelled);
    mustFit(inputs, most.create);
    for (const input of inputs) {
      const given = input.types.map(({ associationCategory, associationTypeId }) =>
        associations.types.get(from, to, associationCategory, associationTypeId),
      );
      associations.removeTypes(
        { typeId: from, id: input.from.id },
        { typeId: to, id: input.to.id },
        given,
        account.apiSource,
      );
    }
    return c.body(null, 204);
  }

  async function addLabel(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { label, inverseLabel } = await readBody(c, labelBody);
    const added = associations.types.addLabel(from, to, label, inverseLabel ?? label);
    return c.json({ results: added.map(typeJson) });
  }

  async function renameLabel(c: Context): Promise<Response> {
    const { from, to } = types(c);
    const { associationTypeId, label } = await readBody(c, renameBody);
    associations.types.rename(from, to, associationTypeId, label);
    return c.body(null, 204);
  }

  function removeLabel(c: Context): Response {
    const { from, to } = types(c);
    associations.removeLabel(from, to, Number(c.req.param('typeId')));
    return c.body(null, 204);
  }

  function answer(c: Context, status: 200 | 201, results: readonly unknown[], errors: readonly ErrorBody[]): Response {
    const at = iso(account.clock.now());
    const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
    if (errors.length === 0) return c.json(body, status);
    const rows = errors.map((error) => ({ status: 'error', ...error }));
    return c.json({ ...body, numErrors: rows.length, errors: rows }, 207);
  }

  const one = '/crm/v4/objects/:from/:id/associations';
  const many = '/crm/v4/associations/:from/:to';
  const limit = 'associations' as const;
  return [
    { method: 'PUT', path: `${one}/default/:to/:toId`, limit, answer: putDefault },
    { method: 'GET', path: `${one}/:to`, query: ['after', 'limit'], limit, answer: list },
    { method: 'PUT', path: `${one}/:to/:toId`, limit, answer: put },
    { method: 'DELETE', path: `${one}/:to/:toId`, limit, answer: remove },
    { method: 'POST', path: `${many}/batch/read`, limit, answer: readMany },
    { method: 'POST', path: `${many}/batch/create`, limit, answer: createMany },
    { method: 'POST', path: `${many}/batch/associate/default`, limit, answer: defaultMany },
    { method: 'POST', path: `${many}/batch/archive`, limit, answer: archiveMany },
    { method: 'POST', path: `${many}/batch/labels/archive`, limit, answer: archiveLabels },
    {
      method: 'GET',
      path: `${many}/labels`,
      limit,
      answer: (c) => {
        const { from, to } = types(c);
        return c.json({ results: associations.types.between(from, to).map(typeJson) });
      },
    },
    { method: 'POST', path: `${many}/labels`, limit, answer: addLabel },
    { method: 'PUT', path: `${many}/labels`, limit, answer: renameLabel },
    { method: 'DELETE', path: `${many}/labels/:typeId`, limit, answer: removeLabel },
  ];
}

const typeJson = ({ category, typeId, label }: AssociationType) => ({ category, typeId, label });
const specJson = ({ category, typeId }: AssociationType) => ({
  associationCategory: category,
  associationTypeId: typeId,
});

/** On the wire `toObjectId` is a number, other than the contract says. */
const linkJson = ({ to, types }: Link) => ({ toObjectId: Number(to.id), associationTypes: types.map(typeJson) });

const pairJson = (from: End, { to, types }: Link) => ({
  fromObjectTypeId: from.typeId,
  fromObjectId: Number(from.id),
  toObjectTypeId: to.typeId,
  toObjectId: Number(to.id),
  labels: types.flatMap(({ label }) => label ?? []),
});

/** Our choice, the text. */
function mustFit(inputs: readonly unknown[], mostInputs: number): void {
  if (inputs.length > mostInputs) throw validationError(`The maximum number of inputs of this batch is ${mostInputs}.`);
}
