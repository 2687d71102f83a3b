import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { Refusal } from './refusal.ts';

/** Refuses longer bodies. `what` names what the body holds, such as "A request". */
export const limitedTo = (maxSize: number, what: string): MiddlewareHandler =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new Refusal(413, 'TooLarge', `${what} has at most ${maxSize} bytes.`);
    },
  });

/** What a request says, in the form of its schema. Refuses another. */
export function checked<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  throw new Refusal(400, 'BadRequest', z.prettifyError(result.error));
}

/** The same of its JSON body. */
export async function checkedBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const body: unknown = await c.req.json().catch(() => undefined);
  return checked(schema, body);
}
