import type { Command } from 'commander';
import type { ExplanationView, RecordView } from '../client/answers.ts';
import type { Reached } from '../client/tandem.ts';
import { failures } from '../core/failures.ts';
import { describeOutcome, type Outcome } from '../core/outcome.ts';
import { BadRef, checkRef, type RecordRef, refKey } from '../core/record-ref.ts';
import type { SyncNowAnswer } from '../workflows/messages.ts';
import { type Answer, answering, type Cli, withExample } from './command.ts';
import { consents } from './consent.ts';
import { waitingFor } from './io.ts';
import { pairs, table } from './table.ts';

/** What a record is named by. */
export const recordArgument = 'a record as {object}/{system}/{id}, or the id of its workflow';

/** `tandem record …` */
export function addRecord(program: Command, cli: Cli): void {
  const record = program.command('record').description('see what became of one record, and sync it now');

  const show = record
    .command('show')
    .argument('<record>', recordArgument)
    .description('show its pair, the last decision with its reason, what it waits for and what was written');
  withExample(
    show,
    'tandem record show contacts/hubspot/51',
    'tandem record show contacts/salesforce/003Wd00000A1b2cIAB',
  );
  answering(cli, show, async (given: string) => {
    const ref = parseRef(given);
    const view = await cli.services.api().record(ref);
    return { json: view, text: describe(view, cli.io.columns) };
  });

  const explain = record
    .command('explain')
    .argument('<record>', recordArgument)
    .description('tell in plain words why it did or did not sync, each time that this changed');
  withExample(explain, 'tandem record explain contacts/hubspot/51');
  answering(cli, explain, async (given: string) => {
    const view = await cli.services.api().explanation(parseRef(given));
    return { json: view, text: inPlainWords(view) };
  });

  const sync = record
    .command('sync')
    .argument('<record>', recordArgument)
    .description('sync it now, within its segment as always, and wait for the outcome');
  withExample(sync, 'tandem record sync contacts/hubspot/51');
  answering(cli, sync, async (given: string) => syncRecord(cli, parseRef(given)));

  const pair = record
    .command('pair <record> <salesforceId>')
    .option('-y, --yes', 'go on without a question')
    .description('pair a HubSpot record with another Salesforce record, and sync it as if for the first time');
  withExample(pair, 'tandem record pair contacts/hubspot/51 003Wd00000A1b2cIAB');
  answering(cli, pair, async (given: string, salesforceId: string, { yes }: { yes?: true }) =>
    pairRecord(cli, parseRef(given), salesforceId, yes),
  );
}

/** `contacts/hubspot/51`, also inside `tandem/record/contacts/hubspot/51`. Throws `BadRef`. */
export function parseRef(given: string): RecordRef {
  const [object, system, id, ...rest] = given.replace(/^.*\/record\//, '').split('/');
  if (rest.length > 0 || id === undefined) {
    throw new BadRef(`A record is named as {object}/{system}/{id}, such as contacts/hubspot/51; found "${given}".`);
  }
  return checkRef({ object, system, id });
}

/** Syncs a record and tells its outcome; the status is 1 where that is a failure. */
export async function syncRecord(cli: Cli, ref: RecordRef): Promise<Answer> {
  const synced = () => cli.services.withTandem((tandem) => tandem.syncNow(ref));
  return answerOf(ref, await waitingFor(cli.io, 'Syncing', synced));
}

function answerOf(ref: RecordRef, answer: SyncNowAnswer & Reached): Answer {
  const { workflowId } = answer;
  if ('outcome' in answer) {
    const status = answer.outcome.kind === 'failed' ? 1 : 0;
    return { json: answer, text: `${refKey(ref)}: ${inWords(answer.outcome)}\nworkflow ${workflowId}`, status };
  }
  const text = `${refKey(ref)}: somebody else works on it just now; it runs again by itself afterwards.\nworkflow ${workflowId}`;
  return { json: answer, text };
}

async function pairRecord(cli: Cli, ref: RecordRef, salesforceId: string, isAgreed?: true): Promise<Answer> {
  if (ref.system !== 'hubspot')
    throw new BadRef(`${refKey(ref)}: name the HubSpot side first, then the Salesforce id.`);
  const wanted = checkRef({ ...ref, system: 'salesforce', id: salesforceId }).id;
  const { pair } = await cli.services.api().record(ref);
  if (pair?.salesforceId === wanted)
    return { json: { pair }, text: `${refKey(ref)} is paired with ${wanted} already.` };
  const before = pair ? `is paired with Salesforce ${pair.salesforceType} ${pair.salesforceId}` : 'has no pair';
  const counts = `${refKey(ref)} ${before}. Paired with ${wanted}, both sides are compared as if for the first time.`;
  if (!(await consents(cli, counts, isAgreed))) return { json: { pair }, text: 'Nothing was changed.' };
  const paired = () => cli.services.withTandem((tandem) => tandem.pairWith(ref, wanted));
  return answerOf(ref, await waitingFor(cli.io, 'Pairing', paired));
}

const inWords = (outcome: Outcome): string =>
  outcome.kind === 'failed'
    ? `${describeOutcome(outcome)}. ${failures[outcome.category]?.says ?? ''}`
    : describeOutcome(outcome);

/** The newest decision with what helps, then what was before. */
function inPlainWords({ ref, decisions, fates }: ExplanationView): string {
  const [newest, ...before] = decisions;
  if (!newest) return `${refKey(ref)}: nothing has been decided yet. It is looked at when it changes.`;
  const since = (decidedAt: string, seenAt: string): string =>
    decidedAt === seenAt ? decidedAt : `${decidedAt}, found so again ${seenAt}`;
  return [
    `${refKey(ref)}\n\n${newest.says}\n  since ${since(newest.decidedAt, newest.seenAt)}`,
    ...(newest.helps === null ? [] : [`What would help: ${newest.helps}`]),
    ...fates.map(
      ({ ref: gone, fate, intoId, notedAt }) =>
        `${refKey(gone)} was ${fate}${intoId === null ? '' : ` into ${intoId}`} (seen ${notedAt}).`,
    ),
    ...(before.length === 0
      ? []
      : [`Before that:\n${before.map(({ decidedAt, says }) => `  ${decidedAt}  ${says}`).join('\n')}`]),
  ].join('\n\n');
}

function describe({ ref, pair, workflowId, decision, waits, writes }: RecordView, columns: number | undefined): string {
  const facts = pairs([
    ['record', refKey(ref)],
    ['pair', pair ? `HubSpot ${pair.hubspotId} = Salesforce ${pair.salesforceType} ${pair.salesforceId}` : 'none'],
    ['workflow', workflowId],
    ['last outcome', decision ? inWords(decision.outcome) : 'nothing has been decided yet'],
    ['decided', decision && `${decision.decidedAt}, seen again ${decision.seenAt}`],
    ['verdict', decision?.verdict && [decision.verdict, decision.basis].filter(Boolean).join(', ')],
    ['segment', decision?.segmentId && `${decision.segmentId}, version ${decision.segmentVersion ?? 'unknown'}`],
  ]);
  const says = { true: 'in', false: 'out', null: 'not known' };
  const waiting = waits.map(({ segmentId, reason, expected, since, deadline }) => [
    segmentId,
    reason,
    says[`${expected}`],
    since,
    deadline ?? 'none',
  ]);
  const written = writes.map(({ intendedAt, system, recordId, kind, fields, basis, ok, code }) => [
    intendedAt,
    `${kind} ${system} ${recordId ?? ''}`,
    fields.join(', '),
    basis,
    ok === null ? 'open' : ok ? 'done' : `refused (${code})`,
  ]);
  return [
    facts,
    ...(waiting.length > 0
      ? [table(['waits for segment', 'because', 'its filter says', 'since', 'until'], waiting, columns)]
      : []),
    ...(written.length > 0 ? [table(['written', 'what', 'fields', 'basis', 'result'], written, columns)] : []),
  ].join('\n\n');
}
