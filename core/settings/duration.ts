const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `10s`, `15m`, `2h`: a positive whole number and a unit. */
export const durationPattern = /^([1-9][0-9]{0,5})(ms|s|m|h|d)$/;

/** Milliseconds of a duration that fits `durationPattern`; throws a RangeError for anything else. */
export function durationMs(text: string): number {
  const [, count, unit] = durationPattern.exec(text) ?? [];
  if (!count || !unit) throw new RangeError(`"${text}" is no duration such as 10s, 15m or 2h.`);
  return Number(count) * units[unit as keyof typeof units];
}
