import { z } from 'zod';
import type { Account } from '../account.ts';
import { type Context, type Endpoint, readBody } from '../endpoint.ts';
import { propertyJson, propertyTypes } from '../property.ts';
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

/** `/crm/v3/properties/{type}`: what records may hold, and new unique properties. */
export function propertyEndpoints(account: Account): Endpoint[] {
  const propertiesOf = (c: Context) => account.recordsOf(c.req.param('type') ?? '').properties;

  function list(c: Context): Response {
    const shown = c.req.query('archived') === 'true' ? [] : propertiesOf(c).all();
    return c.json({ results: shown.map(propertyJson) });
  }

  function read(c: Context): Response {
    const name = c.req.param('name') ?? '';
    const property = propertiesOf(c).get(name);
    if (property) return c.json(propertyJson(property));
    throw new Refusal(404, { message: `Property "${name}" does not exist`, category: 'OBJECT_NOT_FOUND' });
  }

  async function create(c: Context): Promise<Response> {
    const properties = propertiesOf(c);
    return c.json(propertyJson(properties.create(definite(await readBody(c, createBody)))), 201);
  }

  const path = '/crm/v3/properties/:type';
  return [
    { method: 'GET', path, query: ['archived'], answer: list },
    { method: 'GET', path: `${path}/:name`, query: ['archived'], answer: read },
    { method: 'POST', path, answer: create },
  ];
}

/** Leaves out what is undefined, which counts as a value to TypeScript but is none. */
function definite({ options, ...rest }: z.output<typeof createBody>) {
  return {
    ...rest,
    options: options.map(({ description, ...given }) => ({
      ...given,
      ...(description !== undefined && { description }),
    })),
  };
}
