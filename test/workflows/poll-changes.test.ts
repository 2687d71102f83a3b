import { expect, test } from '@jest/globals';
import { systems } from '../../core/record-ref.ts';
import { pollChangesId } from '../../workflows/ids.ts';
import { testRounds } from './rounds.ts';
import { type RoundsKind, RoundsStage } from './rounds-stage.ts';
import { setStage } from './set-stage.ts';
import { currentDetails } from './stage.ts';

const stage = setStage();
const poll = (system: (typeof systems)[number]): RoundsKind => ({
  type: 'pollChanges',
  activity: 'pollSystem',
  workflowId: (installation) => pollChangesId(installation, system),
  args: [{ system }],
});

testRounds(stage, poll('salesforce'));

test.each(systems)('asks %s for its changes, and says so on its page', async (system) => {
  const rounds = new RoundsStage(stage, poll(system));
  await rounds.lookNow();
  const first = await rounds.nextRound();
  expect(first.call.input).toEqual({ system });
  first.ends({ found: 2, says: '2 changes handed on' });
  await rounds.untilState('resting');
  const name = { hubspot: 'HubSpot', salesforce: 'Salesforce' }[system];
  expect(await currentDetails(rounds.handle)).toBe(
    [`**Changes in ${name}**: resting`, 'Last round: 2 changes handed on', 'Rounds in this run: 1, found: 2'].join(
      '\n\n',
    ),
  );
  await rounds.end();
});
