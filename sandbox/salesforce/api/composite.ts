import { z } from 'zod';
import { Refusal } from '../refusal.ts';
import type { Answer, Call, Endpoint } from './endpoint.ts';
import { ok } from './endpoint.ts';

const mostSubrequests = 25;
const mostHeavy = 5;

const subrequestSchema = z.looseObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'DELETE']),
  url: z.string().startsWith('/services/data/'),
  referenceId: z.string().regex(/^[A-Za-z0-9_]+$/),
  body: z.unknown().optional(),
  httpHeaders: z.record(z.string(), z.string()).optional(),
});
const compositeSchema = z.looseObject({
  allOrNone: z.boolean().default(false),
  collateSubrequests: z.boolean().optional(),
  compositeRequest: z.array(subrequestSchema).min(1),
});
type Subrequest = z.output<typeof subrequestSchema>;

/** Runs a subrequest as a call of its own; answers, whatever happens. */
export type Perform = (
  subrequest: { method: string; url: string; body: unknown; headers: Headers },
  outer: Call,
) => Answer;

/** Up to 25 calls in one, in order; later ones may name values of earlier answers as `@{reference.path}`. */
export function compositeEndpoint(perform: Perform): Endpoint {
  return {
    method: 'POST',
    path: '/composite',
    handle: (call) => {
      const { allOrNone, compositeRequest } = requestOf(call.body);
      const mark = call.unit.mark();
      const answers = new Map<string, Answer>();
      for (const subrequest of compositeRequest) {
        const halted = allOrNone && [...answers.values()].some(isFailure);
        answers.set(subrequest.referenceId, halted ? rolledBack : one(perform, call, subrequest, answers, allOrNone));
      }
      const failed = allOrNone && [...answers.values()].some(isFailure);
      if (failed) call.unit.rollBack(mark);
      return ok({
        compositeResponse: [...answers].map(([referenceId, answer]) => {
          const { status, body = null, headers = {} } = failed && !isFailure(answer) ? rolledBack : answer;
          return { body, httpHeaders: headers, httpStatusCode: status, referenceId };
        }),
      });
    },
  };
}

function requestOf(body: unknown): z.output<typeof compositeSchema> {
  const result = compositeSchema.safeParse(body);
  if (!result.success) {
    const [issue] = result.error.issues;
    throw new Refusal(400, 'JSON_PARSER_ERROR', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'malformed'}`);
  }
  const { compositeRequest } = result.data;
  const heavy = compositeRequest.filter(({ url }) =>
    /^\/services\/data\/v[\d.]+\/(query|queryAll|composite\/sobjects)\b/.test(url),
  );
  if (compositeRequest.length > mostSubrequests || heavy.length > mostHeavy) {
    throw new Refusal(
      400,
      'LIMIT_EXCEEDED',
      `A composite request has at most ${mostSubrequests} subrequests, ${mostHeavy} of them queries or collections.`,
    );
  }
  if (new Set(compositeRequest.map(({ referenceId }) => referenceId)).size < compositeRequest.length) {
    throw new Refusal(400, 'INVALID_INPUT', 'Duplicate referenceId');
  }
  return result.data;
}

function one(
  perform: Perform,
  call: Call,
  subrequest: Subrequest,
  answers: ReadonlyMap<string, Answer>,
  allOrNone: boolean,
): Answer {
  try {
    const url = filled(subrequest.url, answers);
    const body = subrequest.body === undefined ? undefined : (filledIn(subrequest.body, answers) as object);
    const isCollection = /\/composite\/sobjects/.test(url) && body !== undefined;
    return perform(
      {
        method: subrequest.method,
        url,
        // The outer flag holds for collections inside, whatever they say themselves.
        body: isCollection && allOrNone ? { ...body, allOrNone: true } : body,
        headers: new Headers(subrequest.httpHeaders),
      },
      call,
    );
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: error.body() };
  }
}

/** A collection is answered 200 whatever its items say, but fails a composite that is all or none. */
function isFailure({ status, body }: Answer): boolean {
  if (status >= 400) return true;
  return Array.isArray(body) && body.some((item) => (item as { success?: unknown } | null)?.success === false);
}

const rolledBack: Answer = {
  status: 400,
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
};

function filledIn(value: unknown, answers: ReadonlyMap<string, Answer>): unknown {
  if (typeof value === 'string') return filled(value, answers);
  if (Array.isArray(value)) return value.map((each) => filledIn(each, answers));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filledIn(each, answers)]));
}

function filled(text: string, answers: ReadonlyMap<string, Answer>): string {
  return text.replace(/@\{(\w+)((?:\.\w+|\[\d+\])+)\}/g, (reference, id: string, path: string) => {
    let at: unknown = answers.get(id)?.body;
    for (const [, name, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
      at = (at as Record<string, unknown> | null | undefined)?.[name ?? index ?? ''];
    }
    if (typeof at === 'string' || typeof at === 'number' || typeof at === 'boolean') return String(at);
    throw new Refusal(
      400,
      'PROCESSING_HALTED',
      `Invalid reference specified. No value for ${reference.slice(2, -1)} found in ${id}`,
    );
  });
}
