import type { StartedRun } from '../../client/run.ts';
import type { RunResult } from '../../workflows/run-messages.ts';
import { counted, wrote } from './findings.ts';
import type { Finding, Table } from './narrator.ts';
import type { Cast } from './prepare.ts';
import { type Referral, source } from './referrals.ts';
import type { HubSpotControls } from './sandbox-controls.ts';
import { customers, keyField, weekly } from './settings.ts';
import { pageOf, type Stage, schedulePageOf } from './stage.ts';
import type { Step } from './step.ts';

export const importing = (stage: Stage, { hubspot, referrals }: Cast): Step => ({
  title: 'An import brings the emails first, then the rest of the members',
  does: `The ${referrals.length} people with the lead source "${source}" are imported from Salesforce: customers and others, known to HubSpot and not.`,
  expects:
    'HubSpot gets a contact for each of them, with the email. Then the customers get their other fields; the others stay blank.',
  waitsFor: 'the import to end',
  async act() {
    const before = await hubspot.contactCount();
    const written = await counted(hubspot);
    const run = await stage.tandem.startImport({ object: 'contacts', where: `LeadSource = '${source}'` });
    const ended = endOf(run);
    return {
      isOver: async () => (await ended()) !== undefined,
      shows: async () => countsOf(await ended()),
      async judge() {
        const fields = await written();
        const lastEmail = fields.lastIndexOf('email');
        const isEmailFirst =
          lastEmail >= 0 && lastEmail < fields.findIndex((field) => mapped.some(([name]) => name === field));
        const added = (await hubspot.contactCount()) - before;
        return [
          await hasEnded(stage, 'the import', run.workflowId, ended),
          {
            isTrue: added === referrals.filter(({ inHubSpot }) => !inHubSpot).length,
            says: `new contacts in HubSpot: ${added}`,
          },
          {
            isTrue: isEmailFirst,
            says: `emails were ${isEmailFirst ? '' : 'not '}written before any other mapped field`,
          },
          ...(await Promise.all(referrals.map((referral) => arrived(hubspot, referral)))),
        ];
      },
    };
  },
});

/** What HubSpot has of somebody after the import, and has ever had. */
async function arrived(hubspot: HubSpotControls, { name, email, inHubSpot, values }: Referral): Promise<Finding> {
  const { properties = {}, history = {} } = (await hubspot.contactWith(email)) ?? {};
  const names = Object.keys(values);
  const inFull = names.every((property) => properties[property] === values[property]);
  const everHad = names.filter((property) => property in history);
  const who = `${name}, ${inHubSpot === 'customer' ? 'a customer' : inHubSpot ? 'known, no customer' : 'not known before'}`;
  const has = inFull
    ? 'all fields as in Salesforce'
    : everHad.length > 0
      ? `also ${everHad.join(', ')}`
      : 'nothing else, ever';
  return {
    isTrue: properties['email'] === email && (inHubSpot === 'customer' ? inFull : everHad.length === 0),
    says: `${who}: ${properties['email'] ?? 'no email'}, ${has}`,
  };
}

export const resyncing = (stage: Stage, cast: Cast): Step => ({
  title: 'A scheduled resync brings the members into step, and writes nothing the next time',
  does: `The schedule "${weekly}" of the settings is started by hand, twice: a resync of all members of "${customers.name}".`,
  expects: 'Every member is the same in both systems. The second run finds nothing to write.',
  waitsFor: 'both runs to end',
  async act() {
    const { hubspot, salesforce } = cast;
    const first = await startSchedule(stage);
    let second: { ended: Ended; written: readonly (() => Promise<string[]>)[] } | undefined;
    return {
      async isOver() {
        if (!(await first())) return false;
        // Counted before the second run begins.
        if (!second) {
          const written = [await counted(hubspot), await counted(salesforce)];
          second = { ended: await startSchedule(stage), written };
        }
        return (await second.ended()) !== undefined;
      },
      async shows() {
        const [one, two] = [countsOf(await first()), countsOf(await second?.ended())];
        const rows = [one, two].flatMap(({ rows }, i) => rows.map((row) => [i === 0 ? 'first' : 'second', ...row]));
        return { head: ['run', ...one.head], rows };
      },
      async judge() {
        const [inHubSpot, inSalesforce] = await Promise.all((second?.written ?? []).map((fields) => fields()));
        const result = await second?.ended();
        const schedule = (await stage.tandem.schedules.list()).find(({ name }) => name === weekly);
        return [
          await inStep(cast),
          wrote('in HubSpot by the second run', inHubSpot ?? [], []),
          wrote('in Salesforce by the second run', inSalesforce ?? [], []),
          {
            isTrue: result !== undefined,
            says: `the second run has ${result ? '' : 'not '}ended: ${schedulePageOf(stage, schedule?.scheduleId ?? weekly)}`,
          },
        ];
      },
    };
  },
});

/** Whether each member has the same values in Salesforce, in whichever record is theirs. */
async function inStep({ hubspot, salesforce, segmentId }: Cast): Promise<Finding> {
  const people = await salesforce.people();
  const members = await Promise.all(
    (await hubspot.members(segmentId)).map((id) => hubspot.contact(id).then((contact) => ({ id, contact }))),
  );
  const same = members.filter(({ id, contact }) =>
    people.some(
      (person) =>
        (person[keyField] === id || lower(person['Email']) === lower(contact['email'])) &&
        mapped.every(([property, field]) => (contact[property] ?? '') === (person[field] ?? '')),
    ),
  );
  return {
    isTrue: same.length === members.length,
    says: `members who are the same in both systems: ${same.length} of ${members.length}`,
  };
}

const mapped = [
  ['firstname', 'FirstName'],
  ['lastname', 'LastName'],
  ['jobtitle', 'Title'],
  ['phone', 'Phone'],
] as const;

const lower = (text: unknown): string => String(text).toLowerCase();

/** Answers what a run came to, once it has ended. */
type Ended = () => Promise<RunResult | undefined>;

function endOf(run: StartedRun): Ended {
  const result = run.result();
  result.catch(() => {}); // whoever asks is told
  return () => Promise.race([result, Promise.resolve(undefined)]);
}

/** Does what `tandem schedule run` does. */
async function startSchedule({ tandem }: Stage): Promise<Ended> {
  const look = async () => (await tandem.schedules.list()).find(({ name }) => name === weekly);
  const before = (await look())?.last?.at;
  await tandem.schedules.run(weekly);
  let ended: Ended | undefined;
  return async () => {
    const now = await look();
    if (!now?.last || now.last.at === before) return undefined;
    ended ??= endOf(tandem.run(now.last.workflowId));
    // Temporal may take a moment to note that it is over.
    return now.running ? undefined : await ended();
  };
}

const countsOf = (result: RunResult | undefined): Table => ({
  head: ['phase', 'outcome', 'records'],
  rows: (result?.counts ?? []).flatMap(({ phase, counts }) =>
    Object.entries(counts).map(([outcome, records]) => [phase, outcome, records]),
  ),
});

async function hasEnded(stage: Stage, what: string, workflowId: string, ended: Ended): Promise<Finding> {
  const isTrue = (await ended()) !== undefined;
  return { isTrue, says: `${what} has ${isTrue ? '' : 'not '}ended: ${await pageOf(stage, workflowId)}` };
}
