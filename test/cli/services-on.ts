import type { Services } from '../../cli/services.ts';
import { TandemApi } from '../../client/api.ts';
import type { Tandem } from '../../client/tandem.ts';
import type { Catalog } from '../../core/settings/catalog.ts';
import { checkAgainst } from '../../core/settings/check.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import type { Ledger } from '../../ledger/index.ts';
import { createHttpService, type HttpServiceDeps } from '../../workers/http-service.ts';
import { Secret } from '../../workers/secret.ts';
import { tandemThat } from './command-line.ts';

/** The service in this process, and settings applied the way the workflow does it. */
export function servicesOn(
  ledger: Ledger,
  systems: Pick<HttpServiceDeps, 'hubspot' | 'salesforce'>,
  catalog: Catalog,
): Pick<Services, 'api' | 'withTandem'> {
  const app = createHttpService({
    installation: 'acme',
    ledger,
    token: new Secret('t'),
    ready: async () => [],
    ...systems,
    log: () => {},
  });
  const api = new TandemApi({ url: 'http://tandem.test', token: 't', fetch: (request) => app.fetch(request) });
  const applySettings: Tandem['applySettings'] = async (text) => {
    const workflowId = 'acme/settings';
    const { readable, problems } = parseSettings(text);
    if (!readable) return { applied: false, problems, workflowId };
    const checked = checkAgainst(readable, catalog);
    const all = [...problems, ...checked.problems];
    if (all.length > 0) return { applied: false, problems: all, workflowId };
    const draft = await ledger.settings.saveDraft(text);
    const replaces = await ledger.settings.currentVersion();
    const activated = await ledger.settings.activate({ draft, replaces, settings: checked.settings, catalog });
    if ('conflict' in activated) throw new Error('two at once');
    return { applied: true, version: activated.version, workflowId };
  };
  return { api: () => api, ...tandemThat({ applySettings }) };
}
