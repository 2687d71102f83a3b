import type { Answer } from './api/endpoint.ts';
import { Refusal } from './refusal.ts';

/** The most that Salesforce takes of a request's address, and of address and headers together. */
const longestHead = 16_384;

/** An answer as it goes over the wire. */
export function reply({ status, body, headers }: Answer): Response {
  return new Response(body === undefined ? null : JSON.stringify(body), {
    status,
    headers: { ...(body !== undefined && { 'content-type': 'application/json;charset=UTF-8' }), ...headers },
  });
}

/** A JSON body, or the refusal of one that is none. */
export async function bodyOf(request: Request): Promise<{ body: unknown } | Answer> {
  const text = await request.text();
  if (text === '') return { body: undefined };
  if (!/^application\/json\b/i.test(request.headers.get('content-type') ?? '')) {
    return {
      status: 415,
      body: new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'The content type is not supported.').body(),
    };
  }
  try {
    return { body: JSON.parse(text) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : 'malformed';
    return { status: 400, body: new Refusal(400, 'JSON_PARSER_ERROR', message).body() };
  }
}

/** 414 where the address alone is too long, 431 where address and headers together are. */
export function tooLong(request: Request): Response | undefined {
  const { pathname, search } = new URL(request.url);
  const address = pathname.length + search.length;
  const headers = [...request.headers].reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  if (address > longestHead) return page(414, 'URI Too Long');
  if (address + headers > longestHead) return page(431, 'Request Header Fields Too Large');
  return undefined;
}

const page = (status: number, title: string): Response =>
  new Response(`<html><head><title>${status} ${title}</title></head><body><h1>${title}</h1></body></html>`, {
    status,
    headers: { 'content-type': 'text/html' },
  });
