/** Salesforce's form of a point in time, whole seconds: `2026-01-05T09:00:00.000+0000`. Sorts as text. */
export const toStamp = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}.000+0000`;

/** Milliseconds of a stamp made by `toStamp`. */
export const fromStamp = (stamp: string): number => Date.parse(`${stamp.slice(0, 19)}Z`);

/** An ISO date and time with an offset (`Z`, `+00:00`, `+0000`), in milliseconds; undefined where it is none. */
export function parseDatetime(text: string): number | undefined {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/.exec(text);
  if (!match || parseDate(match[1] as string) === undefined) return undefined;
  const [, date, time, fraction = '', offset = 'Z'] = match;
  const zone = offset === 'Z' ? 'Z' : `${offset.slice(0, 3)}:${offset.slice(-2)}`;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A day that the calendar has, `YYYY-MM-DD`; undefined where it is none. */
export function parseDate(text: string): string | undefined {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text) ? text : undefined;
}

export const toHttpDate = (ms: number): string => new Date(Math.floor(ms / 1000) * 1000).toUTCString();

/** The only form that conditional headers take: `Tue, 10 Aug 2026 00:00:00 GMT`. Undefined where it is another. */
export function parseHttpDate(text: string): number | undefined {
  if (!/^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
