import type { Account } from '../account.ts';
import { type Context, type Endpoint, queryNumber } from '../endpoint.ts';
import { addDays, localAt, startOfDay } from '../filters/zone.ts';
import { ownerJson } from '../owners.ts';
import { iso } from '../record.ts';
import { Refusal } from '../refusal.ts';

/** Owners and the account's own details. */
export function accountEndpoints(account: Account): Endpoint[] {
  function listOwners(c: Context): Response {
    const email = c.req.query('email')?.toLowerCase();
    const limit = queryNumber(c, 'limit', 100, 500);
    const isArchived = c.req.query('archived') === 'true';
    const matching = account.owners.filter(({ archived = false }) => archived === isArchived);
    const found = matching.filter((owner) => email === undefined || owner.email === email);
    const start = found.findIndex((owner) => owner.id === c.req.query('after')) + 1;
    const page = found.slice(start, start + limit);
    const hasMore = start + limit < found.length;
    return c.json({
      results: page.map((owner) => ownerJson(owner, account.createdAt)),
      ...(hasMore && { paging: { next: { after: page.at(-1)?.id } } }),
    });
  }

  function readOwner(c: Context): Response {
    const id = c.req.param('id') ?? '';
    const key = c.req.query('idProperty') === 'userId' ? 'userId' : 'id';
    const isArchived = c.req.query('archived') === 'true';
    const owner = account.owners.find(
      ({ archived = false, ...candidate }) => archived === isArchived && String(candidate[key]) === id,
    );
    if (!owner) throw new Refusal(404, { message: 'resource not found' });
    return c.json(ownerJson(owner, account.createdAt));
  }

  function details(c: Context): Response {
    const utcOffsetMilliseconds = offsetMs(account.timeZone, account.clock.now());
    return c.json({
      portalId: account.portalId,
      accountType: 'STANDARD',
      timeZone: account.timeZone,
      companyCurrency: 'USD',
      additionalCurrencies: [],
      utcOffset: offsetText(utcOffsetMilliseconds),
      utcOffsetMilliseconds,
      uiDomain: 'app.hubspot.com',
      dataHostingLocation: 'na1',
    });
  }

  function dailyUsage(c: Context): Response {
    const { used, limit } = account.limits.day;
    const now = account.clock.now();
    const name = 'private-apps-api-calls-daily';
    const collectedAt = iso(now);
    const resetsAt = iso(startOfDay(addDays(localAt(now, account.timeZone), 1), account.timeZone));
    const usage = { name, usageLimit: limit, currentUsage: used, collectedAt, fetchStatus: 'SUCCESS', resetsAt };
    return c.json({ results: [usage] });
  }

  return [
    { method: 'GET', path: '/account-info/v3/api-usage/daily/private-apps', answer: dailyUsage },
    {
      method: 'GET',
      path: '/crm/v3/owners',
      query: ['email', 'after', 'limit', 'archived'],
      answer: listOwners,
    },
    { method: 'GET', path: '/crm/v3/owners/:id', query: ['idProperty', 'archived'], answer: readOwner },
    { method: 'GET', path: '/account-info/v3/details', answer: details },
  ];
}

function offsetMs(timeZone: string, now: number): number {
  const seconds = Math.floor(now / 1000) * 1000;
  const local = new Date(seconds).toLocaleString('sv-SE', { timeZone });
  return Date.parse(`${local.replace(' ', 'T')}Z`) - seconds;
}

function offsetText(ms: number): string {
  const minutes = Math.abs(ms) / 60_000;
  const pad = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${ms < 0 ? '-' : '+'}${pad(minutes / 60)}:${pad(minutes % 60)}`;
}
