import { z } from 'zod';
import type { Account } from '../account.ts';
import { type Context, type Endpoint, noteUnmodelled, readBody } from '../endpoint.ts';
import { property, propertyTypes } from '../property.ts';
import { Refusal } from '../refusal.ts';
import { type Schema, schemaJson } from '../schemas.ts';
import { groupOf } from '../types/custom.ts';
import { option } from './properties.ts';

const propertyBody = z.object({
  name: z.string(),
  label: z.string(),
  type: z.enum(propertyTypes),
  fieldType: z.string(),
  description: z.string().default(''),
  hasUniqueValue: z.boolean().default(false),
  options: z.array(option).default([]),
});

export const schemaBody = z.object({
  name: z.string().regex(/^[a-z][a-z0-9_]*$/i),
  labels: z.object({ singular: z.string(), plural: z.string() }),
  primaryDisplayProperty: z.string(),
  secondaryDisplayProperties: z.array(z.string()).default([]),
  requiredProperties: z.array(z.string()),
  searchableProperties: z.array(z.string()).default([]),
  description: z.string().default(''),
  properties: z.array(propertyBody),
  associatedObjects: z.array(z.string()).default([]),
});

/** `/crm-object-schemas/v3/schemas`: the definitions of custom objects. */
export function schemaEndpoints(account: Account): Endpoint[] {
  function schemaOf(c: Context): Schema {
    const asked = c.req.param('type') ?? '';
    const schema = account.schemas.find(
      ({ name, typeId }) => asked === name || asked === typeId || asked === account.fullyQualified(name),
    );
    if (!schema) throw new Refusal(404, { message: 'resource not found' });
    return schema;
  }

  async function create(c: Context): Promise<Response> {
    const { associatedObjects, properties, ...rest } = await readBody(c, schemaBody);
    if (associatedObjects.length > 0) noteUnmodelled(c, 'body.associatedObjects');
    const groupName = groupOf(rest.name);
    const made = account.addType({
      ...rest,
      properties: properties.map(({ options, ...given }) =>
        property({
          ...given,
          groupName,
          hubspotDefined: false,
          options: options.map(({ label, value, displayOrder, hidden }) => ({ label, value, displayOrder, hidden })),
          createdAt: account.clock.now(),
        }),
      ),
    });
    return c.json(schemaJson(account, made), 201);
  }

  function list(c: Context): Response {
    const shown = c.req.query('archived') === 'true' ? [] : account.schemas;
    return c.json({ results: shown.map((schema) => schemaJson(account, schema)) });
  }

  const path = '/crm-object-schemas/v3/schemas';
  return [
    { method: 'GET', path, query: ['archived'], answer: list },
    { method: 'POST', path, answer: create },
    { method: 'GET', path: `${path}/:type`, answer: (c) => c.json(schemaJson(account, schemaOf(c))) },
  ];
}
