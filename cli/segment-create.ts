import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Command } from 'commander';
import type { SegmentDetail, SegmentRequest } from '../client/answers.ts';
import { codeOf } from '../workers/caught.ts';
import { type Answer, answering, type Cli, UsageError, withExample } from './command.ts';
import { waitingFor } from './io.ts';
import { inWords, isDone, membersOf } from './segment-words.ts';

/** `tandem segment create` */
export function addCreate(segment: Command, cli: Cli): void {
  const create = segment
    .command('create <object>')
    .requiredOption('-n, --name <name>', 'its name in HubSpot')
    .option('-w, --where <condition>', 'who is in it, in words')
    .option('--filter <file>', "who is in it, as HubSpot's own filterBranch in a JSON file; - reads standard input")
    .description('create an active segment in HubSpot, show it as HubSpot stored it, and wait until it is evaluated')
    .addHelpText('after', `\n${conditionHelp}\nCreating a segment changes no setting: \`tandem segment use\` does.`);
  withExample(create, 'tandem segment create contacts --name "Customers" --where "lifecyclestage = customer"');
  answering(cli, create, (object: string, options: CreateOptions) => createSegment(cli, object, options));
}

const conditionHelp = `A condition compares properties by their internal names:
  =  !=  <  <=  >  >=  in (a, b)  not in (a, b)  between 1 and 5  is known  is unknown
  contains  does not contain  starts with  ends with          of texts
  before  after  in last 7 days  older than 30 days            of dates
  member of 42                                                 of another segment
joined by and, or, not and parentheses. A record without a value meets no comparison but "is unknown" and one
that ends in "or is unknown".`;

interface CreateOptions {
  readonly name: string;
  readonly where?: string;
  readonly filter?: string;
}

/** Creates it, shows what HubSpot stored and waits until it is evaluated. */
async function createSegment(cli: Cli, object: string, options: CreateOptions): Promise<Answer> {
  const request = requestOf(cli, options);
  const api = cli.services.api();
  const made = await waitingFor(cli.io, 'Creating the segment', () => api.createSegment(object, request));
  cli.io.err(inWords(made));
  const shown = await evaluated(cli, object, made);
  const next = `Nothing syncs by it until you choose it: tandem segment use ${object} ${shown.id}`;
  const text = isDone(shown)
    ? `HubSpot has evaluated segment ${shown.id}: ${membersOf(shown)}.\n${next}`
    : `HubSpot is still evaluating segment ${shown.id}: tandem segment show ${object} ${shown.id}\n${next}`;
  return { json: shown, text };
}

function requestOf(cli: Cli, { name, where, filter }: CreateOptions): SegmentRequest {
  if ((where === undefined) === (filter === undefined)) {
    throw new UsageError('Say who is in the segment: either --where with a condition, or --filter with a file.');
  }
  if (where !== undefined) return { name, where };
  const from = filter === '-' ? 0 : path.resolve(cli.io.cwd, filter ?? '');
  let text: string;
  try {
    text = readFileSync(from, 'utf8');
  } catch (error) {
    throw new UsageError(`The filter can't be read from ${filter} (${codeOf(error) ?? 'unknown'}).`);
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`${filter} is not JSON: ${error instanceof Error ? error.message : ''}`);
  }
  if (typeof parsed === 'object' && parsed && 'filterBranchType' in parsed)
    return { name, filterBranch: { ...parsed } };
  throw new UsageError(`${filter} holds no filter of HubSpot: it must be an object with filterBranchType OR.`);
}

/** How long a terminal is kept: HubSpot evaluates most segments within minutes, and goes on without us. */
const longestWaitMs = 15 * 60_000;
const lookEveryMs = 1_000;

/** The segment once HubSpot has evaluated it for every record, or as it stands after the longest wait. */
async function evaluated(cli: Cli, object: string, made: SegmentDetail): Promise<SegmentDetail> {
  const api = cli.services.api();
  const end = Date.now() + longestWaitMs;
  if (isDone(made)) return made;
  return await waitingFor(cli.io, 'HubSpot evaluates it', async (detail) => {
    let shown = made;
    while (!isDone(shown) && Date.now() < end) {
      detail(`${membersOf(shown)} so far`);
      await setTimeout(lookEveryMs);
      shown = await api.segment(object, made.id);
    }
    return shown;
  });
}
