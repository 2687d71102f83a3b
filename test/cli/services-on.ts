import type { Services } from '../../cli/services.ts';
import type { Tandem } from '../../client/tandem.ts';
import type { Catalog } from '../../core/settings/catalog.ts';
import { checkAgainst } from '../../core/settings/check.ts';
import { parseSettings } from '../../core/settings/parse.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { HttpServiceDeps } from '../../workers/http-service.ts';
import { serviceInProcess } from '../workers/service-in-process.ts';
import { tandemThat } from './command-line.ts';

/** Contacts of one segment, with comments that editing must keep. */
export const yaml = `# who may sync
version: 1
objects:
  contacts: # people
    segments: { include: [Customers] } # chosen by sales
    fields:
      - { hubspot: email, salesforce: Email, rule: twoWay }
`;

/** The service in this process, and settings applied the way the workflow does it. */
export function servicesOn(
  ledger: Ledger,
  systems: Pick<HttpServiceDeps, 'hubspot' | 'salesforce'>,
  catalog: Catalog,
): Pick<Services, 'api' | 'withTandem'> {
  const { api } = serviceInProcess(ledger, systems);
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
    for (const { name, segments } of Object.values(checked.settings.objects)) {
      for (const id of segments.include) await ledger.segments.put(id, name, null);
    }
    return { applied: true, version: activated.version, workflowId };
  };
  const trustSegment: Tandem['trustSegment'] = async (segmentId, version, trusted) => {
    await ledger.segments.trust(segmentId, trusted === false ? null : version);
    return { workflowId: `acme/segment/${segmentId}` };
  };
  return { api: () => api, ...tandemThat({ applySettings, trustSegment }) };
}
