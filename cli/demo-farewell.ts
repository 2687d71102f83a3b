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
  const ui = addresses['Temporal UI'];
  const given = place.env['TEMPORAL_ADDRESS'];
  return [
    `Everything stays up; Ctrl-C stops it. HubSpot now evaluates its segments ${evaluationDelayMs / 1_000} s after an edit.`,
    'An edit of a member, as somebody in HubSpot would make it:',
    inHubSpot(ben.hubspotId, { jobtitle: 'Barista again' }),
    'One that takes him out, and waits for HubSpot:',
    inHubSpot(ben.hubspotId, { jobtitle: 'Retired', lifecyclestage: 'other' }),
    'One that is outside, and is skipped:',
    inHubSpot(ada.hubspotId, { jobtitle: 'On a journey' }),
    'In another terminal, in this folder:',
    [
      ...(given ? [`export TEMPORAL_ADDRESS=${given}`] : []),
      `export TANDEM_DATA_DIR=${path.relative(cwd, place.dataDir)}`,
      `npm run tandem -- record show contacts/hubspot/${ben.hubspotId}`,
      'npm run tandem -- segment list contacts',
      'npm run tandem -- health',
    ]
      .map((line) => `  ${line}`)
      .join('\n'),
    `The settings that run are in ${path.relative(cwd, place.settingsFile)}.`,
    ...(ui ? [`Each record that synced has its page at ${ui}`] : []),
  ].join('\n\n');
}
