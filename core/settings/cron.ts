import { Cron } from 'croner';

const value = String.raw`(?:\d{1,2}|[a-z]{3})`;
const part = String.raw`(?:\*|${value}(?:-${value})?)(?:/\d{1,2})?`;
/** What every cron reads alike: values, ranges, lists and steps. Nothing of `?`, `#`, `L`, `W` and `@daily`. */
const field = new RegExp(`^${part}(?:,${part})*$`, 'i');

export const cronExample = "minute, hour, day of month, month and weekday, such as '0 3 * * *'";

/**
 * Why a line is none that Temporal's Schedules can follow, or undefined where it is one. Day of month and weekday must
 * both fit where both are given.
 */
export function cronFault(line: string): string | undefined {
  const fields = line.trim().split(/\s+/);
  if (fields.length !== 5) return fields.length === 1 ? 'one field' : `${fields.length} fields`;
  const odd = fields.find((text) => !field.test(text));
  if (odd !== undefined) return `${odd} in it`;
  // Temporal takes Sunday for the first day of the week only, croner for the last one too.
  if (/-sun/i.test(fields[4] ?? '')) return 'a range that ends on SUN: write 7 for the Sunday at its end';
  try {
    const cron = new Cron(fields.join(' '), { mode: '5-part', domAndDow: true, timezone: 'UTC' });
    return cron.nextRun('2026-01-01T00:00:00Z') ? undefined : 'a day that never comes';
  } catch (error) {
    return error instanceof Error ? error.message.replace(/^CronPattern: /, '') : String(error);
  }
}

/** The IANA name of a time zone in its own spelling, or undefined where there is none. */
export function timezoneNamed(text: string): string | undefined {
  if (!/^[a-z]/i.test(text)) return undefined; // an offset such as +02:00 is no time zone to Temporal
  try {
    return new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
