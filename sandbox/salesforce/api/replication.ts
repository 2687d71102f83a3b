import { Refusal } from '../refusal.ts';
import { fromStamp, parseDatetime, toStamp } from '../stamps.ts';
import { type Call, type Endpoint, type Org, ok, tableOf } from './endpoint.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** What changed and what was deleted in a span of whole minutes, both ends included. */
export function replicationEndpoints(org: Org): Endpoint[] {
  const changed = (call: Call, { from, to }: Span, isDeleted: boolean) =>
    [...tableOf(org, call.params.type).rows()].flatMap(({ id, values }) => {
      if (!values || (values.IsDeleted === true) !== isDeleted) return [];
      const stamp = String(values.SystemModstamp);
      const at = fromStamp(stamp);
      return at >= from && at <= to ? [{ id, stamp }] : [];
    });

  return [
    {
      method: 'GET',
      path: '/sobjects/:type/updated',
      parameters: ['start', 'end'],
      handle: (call) => {
        const span = spanOf(call, org.clock.now(), 30);
        return ok({ ids: changed(call, span, false).map(({ id }) => id), latestDateCovered: covered(org, span) });
      },
    },
    {
      method: 'GET',
      path: '/sobjects/:type/deleted',
      parameters: ['start', 'end'],
      handle: (call) => {
        const span = spanOf(call, org.clock.now(), 15);
        return ok({
          deletedRecords: changed(call, span, true).map(({ id, stamp }) => ({ id, deletedDate: stamp })),
          earliestDateAvailable: toStamp(wholeMinute(org.clock.now() - 15 * dayMs)),
          latestDateCovered: covered(org, span),
        });
      },
    },
  ];
}

interface Span {
  readonly from: number;
  readonly to: number;
}

const wholeMinute = (ms: number): number => Math.floor(ms / minuteMs) * minuteMs;

function spanOf(call: Call, now: number, mostDays: number): Span {
  const from = wholeMinute(dateIn(call, 'start'));
  const to = wholeMinute(dateIn(call, 'end'));
  if (from >= to) {
    throw new Refusal(400, 'INVALID_REPLICATION_DATE', 'endDate should be at least one minute greater than startDate');
  }
  if (from < wholeMinute(now) - mostDays * dayMs) {
    throw new Refusal(400, 'INVALID_REPLICATION_DATE', `startDate cannot be more than ${mostDays} days ago`);
  }
  return { from, to };
}

function dateIn(call: Call, name: string): number {
  const text = call.query.get(name);
  if (text === null) throw new Refusal(400, 'MISSING_ARGUMENT', `The ${name} parameter is required.`);
  const ms = parseDatetime(text);
  if (ms === undefined) throw new Refusal(400, 'INVALID_REPLICATION_DATE', `${name} is no date and time: ${text}`);
  return ms;
}

/** No change before this moment is still to come: the start of the oldest transaction that is open, if there is one. */
function covered(org: Org, { to }: Span): string {
  return toStamp(Math.min(to, org.clock.now(), org.transactions.oldestStart() ?? Number.POSITIVE_INFINITY));
}
