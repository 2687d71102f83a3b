/** A moment as a clock on a wall shows it; months count from 1. */
export interface Local {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(zone, made);
  return made;
}

/** Whether the system knows a zone by this name, old names included. */
export function isZone(zone: string): boolean {
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/** What clocks in a zone show at an instant. */
export function localAt(instant: number, zone: string): Local {
  const parts = new Map(
    formatOf(zone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  const millisecond = ((instant % 1000) + 1000) % 1000;
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    hour: part('hour'),
    minute: part('minute'),
    second: part('second'),
    millisecond,
  };
}

/** The instant at which clocks in a zone show this; days beyond a month's end roll over. */
export function instantOf(local: Local, zone: string): number {
  const { year, month, day, hour, minute, second, millisecond } = local;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, millisecond);
  const offset = (at: number): number => {
    const shown = localAt(at, zone);
    return (
      Date.UTC(shown.year, shown.month - 1, shown.day, shown.hour, shown.minute, shown.second) -
      (at - (((at % 1000) + 1000) % 1000))
    );
  };
  const first = asUtc - offset(asUtc);
  // The offset may be another one there: near a change of the clocks.
  return asUtc - offset(first);
}

export const startOfDay = (local: Local, zone: string): number =>
  instantOf({ ...local, hour: 0, minute: 0, second: 0, millisecond: 0 }, zone);

/** The last millisecond: days of 23 and 25 hours have theirs too. */
export const endOfDay = (local: Local, zone: string): number => startOfDay(addDays(local, 1), zone) - 1;

export function addDays(local: Local, days: number): Local {
  const date = new Date(Date.UTC(local.year, local.month - 1, local.day + days));
  return { ...local, year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

/** Clamped to the end of the month. */
export function addMonths(local: Local, months: number): Local {
  const first = new Date(Date.UTC(local.year, local.month - 1 + months, 1));
  const [year, month] = [first.getUTCFullYear(), first.getUTCMonth() + 1];
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return { ...local, year, month, day: Math.min(local.day, last) };
}
