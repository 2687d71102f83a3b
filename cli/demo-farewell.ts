import path from 'node:path';
import { evaluationDelayMs } from '../workers/demo/settings.ts';
import type { Demo } from '../workers/demo/start-demo.ts';

/** What a person can do with a demo that stays up; `cwd` is where the person is. */
export function toTry({ story, place, env, addresses }: Demo, cwd: string): string {
  const { ada, ben } = story.cast;
  const edit = (address: string, body: unknown) =>
    `  curl -X PATCH ${address} \\\n    -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
  const inHubSpot = (id: string, properties: Record<string, string>) =>
    edit(`${env['HUBSPOT_BASE_URL']}/_sandbox/people/contacts/${id}`, { properties });
  const shown = (file: string) => (file.startsWith(cwd + path.sep) ? path.relative(cwd, file) : file);
  const ui = addresses['Temporal UI'];
  const given = place.env['TEMPORAL_ADDRESS'];
  const command = import.meta.filename.endsWith('.ts') ? 'npm run tandem --' : 'npx tandem';
  const waiting = `namespaces/default/workflows?query=${encodeURIComponent('SyncOutcome="waiting"')}`;
  return [
    `Everything stays up; Ctrl-C stops it. HubSpot now evaluates its segments ${evaluationDelayMs / 1_000} s after an edit.`,
    'Edit as somebody in HubSpot would. Ben is a member, so this crosses:',
    inHubSpot(ben.hubspotId, { jobtitle: 'Roaster' }),
    'This takes him out, so it waits for HubSpot and is then skipped:',
    inHubSpot(ben.hubspotId, { jobtitle: 'Retired', lifecyclestage: 'other' }),
    'Ada is outside, so this is skipped at once:',
    inHubSpot(ada.hubspotId, { jobtitle: 'On a journey' }),
    'See what became of it, in another terminal in this folder:',
    [
      ...(given ? [`export TEMPORAL_ADDRESS=${given}`] : []),
      `export TANDEM_DATA_DIR=${shown(place.dataDir)}`,
      `${command} record show contacts/hubspot/${ben.hubspotId}`,
      `${command} health`,
    ]
      .map((line) => `  ${line}`)
      .join('\n'),
    ...(ui ? [`All workflows are at ${ui}, those of records that wait at\n${ui}/${waiting}`] : []),
    `The settings that run are in ${shown(place.settingsFile)}.`,
  ].join('\n\n');
}
