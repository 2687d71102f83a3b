const dayMs = 86_400_000;

const dayForm = /^\d{4}-\d{2}-\d{2}$/;
const instantForm = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2})(?::(\d{2})(?:[.,](\d+))?)?(?:Z|([+-]\d{2}):?(\d{2}))$/i;
const epochForm = /^-?\d{1,15}$/;

/** Milliseconds of an ISO instant in either vendor's spelling (`Z`, `+0000`, `+00:00`), or undefined. */
export function instantMs(text: string): number | undefined {
  const match = instantForm.exec(text.trim());
  if (!match) return undefined;
  const [, day = '', minutes = '', seconds = '00', fraction = '', zoneHours, zoneMinutes] = match;
  if (!isDay(day)) return undefined;
  const zone = zoneHours ? `${zoneHours}:${zoneMinutes}` : 'Z';
  const ms = Date.parse(`${day}T${minutes}:${seconds}.${fraction.slice(0, 3).padEnd(3, '0')}${zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A calendar day as `YYYY-MM-DD`, from that form or from midnight UTC (epoch milliseconds or ISO); else undefined. */
export function canonicalDay(text: string): string | undefined {
  if (isDay(text.trim())) return text.trim();
  const ms = epochOrInstant(text);
  return ms === undefined || ms % dayMs !== 0 ? undefined : isoOf(ms)?.slice(0, 10);
}

/** The day that clocks in a zone show at an instant; a day stays what it is. */
export function dayOfInstant(text: string, zone: string): string | undefined {
  const ms = epochOrInstant(text);
  return ms === undefined ? canonicalDay(text) : isoOf(ms + offsetMs(ms, zone))?.slice(0, 10);
}

/** The instant at which a day begins in a zone, as ISO in UTC. */
export const startOfDay = (day: string, zone: string): string =>
  new Date(fromWallMs(Date.parse(`${day}T00:00:00Z`), zone)).toISOString();

/** What clocks in a zone show at an instant, as if they stood in UTC; milliseconds. */
export const wallMs = (ms: number, zone: string): number => ms + offsetMs(ms, zone);

/** The instant at which clocks in a zone show that. */
export function fromWallMs(wall: number, zone: string): number {
  const guess = wall - offsetMs(wall, zone);
  // Near a change of the clocks the offset may be another one there.
  return wall - offsetMs(guess, zone);
}

/** Whether this machine knows a zone by this name. */
export function isZone(zone: string): boolean {
  try {
    offsetMs(0, zone);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** How far clocks in a zone are ahead of UTC at an instant. */
function offsetMs(ms: number, zone: string): number {
  if (zone === 'UTC') return 0;
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
    formats.set(zone, format);
  }
  const seconds = Math.floor(ms / 1000) * 1000;
  return Date.parse(`${format.format(seconds).replace(' ', 'T')}Z`) - seconds;
}

/**
 * An instant as ISO in UTC, cut to the second: Salesforce keeps no finer time, so milliseconds would come back as a
 * change. A day alone is no instant.
 */
export function canonicalInstant(text: string): string | undefined {
  const ms = epochOrInstant(text);
  return ms === undefined ? undefined : isoOf(Math.floor(ms / 1000) * 1000);
}

/** True for a day of the calendar; 30 February is none. */
function isDay(text: string): boolean {
  if (!dayForm.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && isoOf(ms)?.slice(0, 10) === text;
}

const epochOrInstant = (text: string): number | undefined =>
  epochForm.test(text.trim()) ? Number(text) : instantMs(text);

/** Years of four digits only: neither vendor holds others. */
function isoOf(ms: number): string | undefined {
  const iso = new Date(ms).toISOString();
  return iso.length === 24 ? iso : undefined;
}
