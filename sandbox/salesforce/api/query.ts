import { runSoql } from '../soql/run.ts';
import { type Call, type Endpoint, type Org, ok } from './endpoint.ts';

/** SOQL with paging. */
export function queryEndpoints(org: Org): Endpoint[] {
  const run = (includeDeleted: boolean) => (call: Call) => {
    const { store, clock } = org;
    const found = runSoql(call.query.get('q') ?? '', { store, clock, basePath: call.basePath, includeDeleted });
    return ok(org.locators.first(found, call.basePath, batchSize(call.headers)));
  };
  const more = (call: Call) => ok(org.locators.more(call.params.locator ?? '', call.basePath));
  return [
    { method: 'GET', path: '/query', parameters: ['q'], handle: run(false) },
    { method: 'GET', path: '/queryAll', parameters: ['q'], handle: run(true) },
    { method: 'GET', path: '/query/:locator', handle: more },
    { method: 'GET', path: '/queryAll/:locator', handle: more },
  ];
}

function batchSize(headers: Headers): number | undefined {
  const size = /\bbatchSize=(\d+)\b/i.exec(headers.get('sforce-query-options') ?? '')?.[1];
  return size === undefined ? undefined : Math.min(2000, Number(size));
}
