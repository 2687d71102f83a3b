import { TandemApi } from '../../client/api.ts';
import type { Ledger } from '../../ledger/index.ts';
import { createHttpService, type HttpServiceDeps } from '../../workers/http-service.ts';
import { Secret } from '../../workers/secret.ts';
import { systemsWith } from './service-systems.ts';

/** The HTTP service without a socket, clients of it, and what it logged. */
export function serviceInProcess(ledger: Ledger, changes: Partial<HttpServiceDeps> = {}) {
  const logged: unknown[] = [];
  const app = createHttpService({
    installation: 'acme',
    ledger,
    token: new Secret('right'),
    ready: async () => [],
    ...systemsWith(),
    log: (error) => logged.push(error),
    ...changes,
  });
  const client = (token = 'right') =>
    new TandemApi({ url: 'http://tandem.test', token, fetch: (request) => app.fetch(request) });
  return { app, logged, api: client(), client };
}
