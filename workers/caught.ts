import { types } from 'node:util';

// By Node's own test: `instanceof` is wrong where Node's errors come from another realm, as they do under jest.

/** The message of whatever was thrown. */
export const messageOf = (caught: unknown): string => (types.isNativeError(caught) ? caught.message : String(caught));

/** The code that the system or Node gave an error, for instance `ENOENT`; undefined where there is none. */
export function codeOf(caught: unknown): string | undefined {
  return types.isNativeError(caught) && 'code' in caught ? String(caught.code) : undefined;
}
