import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import type { SegmentDetail } from '../client/answers.ts';
import { type Answer, answering, type Cli, UsageError, withExample } from './command.ts';
import { consents } from './consent.ts';
import { waitingFor } from './io.ts';

interface TrustOptions {
  readonly undo?: true;
  readonly yes?: true;
}

/** `tandem segment trust` */
export function addTrust(segment: Command, cli: Cli): void {
  const trust = segment
    .command('trust <object> <id>')
    .option('--undo', 'judge it by its filter again')
    .option('-y, --yes', 'go on without a question')
    .description(
      "let HubSpot's answer decide alone, where Tandem reads the segment's filter otherwise than HubSpot does",
    )
    .addHelpText('after', '\nIt holds for the filter as it is now: when the filter is changed, it is asked again.');
  withExample(trust, 'tandem segment trust contacts 42', 'tandem segment trust contacts 42 --undo');
  answering(cli, trust, (object: string, id: string, options: TrustOptions) => trustSegment(cli, object, id, options));
}

async function trustSegment(cli: Cli, object: string, id: string, options: TrustOptions): Promise<Answer> {
  const wanted = !options.undo;
  const shown = await cli.services.api().segment(object, id);
  if (!shown.chosen) {
    throw new UsageError(
      `Segment ${id} is not chosen for ${object}: \`tandem segment use ${object} ${id}\` chooses it.`,
    );
  }
  const named = `Version ${shown.version} of segment ${id} ("${shown.name}")`;
  const how = wanted ? "by HubSpot's answer alone" : 'by its filter';
  if (shown.trusted === wanted) return { json: shown, text: `${named} is judged ${how} already.` };
  if (wanted) {
    const counts = `${named} will be judged by HubSpot's answer alone, once a record has been unchanged for
gate.settleSeconds: a record that has just left may still be written.`;
    if (!(await consents(cli, counts, options.yes))) return { json: shown, text: 'Nothing was changed.' };
  }
  await cli.services.withTandem((tandem) => tandem.trustSegment(id, shown.version, wanted));
  const after = await carriedOut(cli, object, shown, wanted);
  if (after.trusted === wanted) return { json: after, text: `${named} is judged ${how} now.` };
  const why =
    after.version === shown.version
      ? `its watch has not looked yet: \`tandem segment show ${object} ${id}\` tells when it has`
      : `its filter has been changed meanwhile; it is version ${after.version} now`;
  return { json: after, text: `${named} is not yet judged ${how}: ${why}.`, status: 1 };
}

const longestWaitMs = 60_000;
const lookEveryMs = 500;

/** The segment once its watch has carried the declaration out, or as it stands after the longest wait. */
async function carriedOut(cli: Cli, object: string, before: SegmentDetail, wanted: boolean): Promise<SegmentDetail> {
  const api = cli.services.api();
  const end = Date.now() + longestWaitMs;
  return await waitingFor(cli.io, 'Waiting for the watch', async () => {
    for (;;) {
      const shown = await api.segment(object, before.id);
      if (shown.trusted === wanted || shown.version !== before.version || Date.now() > end) return shown;
      await setTimeout(lookEveryMs);
    }
  });
}
