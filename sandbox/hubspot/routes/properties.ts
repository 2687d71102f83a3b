import { z } from 'zod';
import type { Account } from '../account.ts';
import { type Context, type Endpoint, readBody } from '../endpoint.ts';
import type { PropertyGroup } from '../properties.ts';
import { type PropertyOption, propertyJson, propertyTypes } from '../property.ts';
import { Refusal } from '../refusal.ts';

/** An option of a property, as calls bring it. */
export const option = z.object({
  label: z.string(),
  value: z.string(),
  displayOrder: z.int().default(-1),
  hidden: z.boolean().default(false),
  description: z.string().optional(),
});

const createBody = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(propertyTypes),
  fieldType: z.string(),
  groupName: z.string(),
  description: z.string().default(''),
  options: z.array(option).default([]),
  displayOrder: z.int().default(-1),
  hasUniqueValue: z.boolean().default(false),
  hidden: z.boolean().default(false),
  formField: z.boolean().default(false),
});

const updateBody = z.object({
  label: z.string().exactOptional(),
  type: z.enum(propertyTypes).exactOptional(),
  fieldType: z.string().exactOptional(),
  groupName: z.string().exactOptional(),
  description: z.string().exactOptional(),
  options: z.array(option).exactOptional(),
  displayOrder: z.int().exactOptional(),
  hidden: z.boolean().exactOptional(),
  formField: z.boolean().exactOptional(),
});
const namesBody = z.object({ inputs: z.array(z.object({ name: z.string() })), archived: z.boolean().optional() });
const groupBody = z.object({ name: z.string(), label: z.string(), displayOrder: z.int().default(-1) });
const groupChanges = z.object({ label: z.string().optional(), displayOrder: z.int().optional() });

/** `/crm/v3/properties/{type}`: what records may hold, and under which headings. */
export function propertyEndpoints(account: Account): Endpoint[] {
  const propertiesOf = (c: Context) => account.recordsOf(c.req.param('type') ?? '').properties;

  const name = (c: Context) => c.req.param('name') ?? '';

  function list(c: Context): Response {
    const properties = propertiesOf(c);
    const isArchived = c.req.query('archived') === 'true';
    const shown = isArchived ? properties.archived() : properties.all();
    return c.json({ results: shown.map((property) => ({ ...propertyJson(property), archived: isArchived })) });
  }

  function read(c: Context): Response {
    return c.json(propertyJson(propertiesOf(c).must(name(c))));
  }

  async function update(c: Context): Promise<Response> {
    const changes = await readBody(c, updateBody);
    return c.json(propertyJson(propertiesOf(c).update(name(c), definite(changes))));
  }

  function archive(c: Context): Response {
    archiveOne(c, name(c));
    return c.body(null, 204);
  }

  function archiveOne(c: Context, named: string): void {
    account.archiveProperty(c.req.param('type') ?? '', named);
  }

  async function readMany(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    const { inputs } = await readBody(c, namesBody);
    const found = inputs.flatMap((input) => properties.get(input.name) ?? []);
    const missing = inputs.filter((input) => !properties.get(input.name)).map((input) => input.name);
    const errors = missing.map((one) => ({
      status: 'error',
      category: 'OBJECT_NOT_FOUND',
      message: `Property "${one}" does not exist`,
      context: { name: [one] },
    }));
    return answer(c, 200, found.map(propertyJson), errors);
  }

  async function createMany(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    const { inputs } = await readBody(c, z.object({ inputs: z.array(createBody) }));
    return answer(
      c,
      201,
      inputs.map((input) => propertyJson(properties.create(definite(input)))),
      [],
    );
  }

  async function archiveMany(c: Context): Promise<Response> {
    const { inputs } = await readBody(c, namesBody);
    for (const input of inputs) archiveOne(c, input.name);
    return c.body(null, 204);
  }

  function answer(c: Context, status: 200 | 201, results: readonly unknown[], errors: readonly unknown[]): Response {
    const at = new Date(account.clock.now()).toISOString();
    const body = { status: 'COMPLETE', results, startedAt: at, completedAt: at };
    return errors.length === 0 ? c.json(body, status) : c.json({ ...body, numErrors: errors.length, errors }, 207);
  }

  const groupJson = (group: PropertyGroup) => ({ ...group, archived: false });

  async function createGroup(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    const group = await readBody(c, groupBody);
    if (properties.groups().some((known) => known.name === group.name)) {
      throw new Refusal(409, {
        message: `A property group named '${group.name}' already exists.`,
        category: 'OBJECT_ALREADY_EXISTS',
      });
    }
    return c.json(groupJson(properties.putGroup(group)), 201);
  }

  async function updateGroup(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    const { label, displayOrder } = await readBody(c, groupChanges);
    const known = properties.group(name(c));
    const changed = { ...known, label: label ?? known.label, displayOrder: displayOrder ?? known.displayOrder };
    return c.json(groupJson(properties.putGroup(changed)));
  }

  function removeGroup(c: Context): Response {
    propertiesOf(c).removeGroup(name(c));
    return c.body(null, 204);
  }

  async function create(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    return c.json(propertyJson(properties.create(definite(await readBody(c, createBody)))), 201);
  }

  const path = '/crm/v3/properties/:type';
  return [
    { method: 'GET', path, query: ['archived'], answer: list },
    { method: 'POST', path, answer: create },
    {
      method: 'GET',
      path: `${path}/groups`,
      answer: (c) => c.json({ results: propertiesOf(c).groups().map(groupJson) }),
    },
    { method: 'POST', path: `${path}/groups`, answer: createGroup },
    {
      method: 'GET',
      path: `${path}/groups/:name`,
      answer: (c) => c.json(groupJson(propertiesOf(c).group(name(c)))),
    },
    { method: 'PATCH', path: `${path}/groups/:name`, answer: updateGroup },
    { method: 'DELETE', path: `${path}/groups/:name`, answer: removeGroup },
    { method: 'POST', path: `${path}/batch/read`, answer: readMany },
    { method: 'POST', path: `${path}/batch/create`, answer: createMany },
    { method: 'POST', path: `${path}/batch/archive`, answer: archiveMany },
    { method: 'GET', path: `${path}/:name`, query: ['archived'], answer: read },
    { method: 'PATCH', path: `${path}/:name`, answer: update },
    { method: 'DELETE', path: `${path}/:name`, answer: archive },
  ];
}

type Given = Partial<z.output<typeof createBody>>;

/** Leaves out what is undefined, which counts as a value to TypeScript but is none. */
function definite<T extends Given>(
  given: T,
): { [K in keyof T]: Exclude<T[K], undefined> } & { options?: PropertyOption[] } {
  const { options, ...rest } = given;
  const kept = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const shown = options?.map(({ description, ...one }) => ({
    ...one,
    ...(description !== undefined && { description }),
  }));
  return { ...kept, ...(shown && { options: shown }) } as ReturnType<typeof definite<T>>;
}
