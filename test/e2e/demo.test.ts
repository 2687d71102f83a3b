import { describe, expect, test } from '@jest/globals';
import type { Narrator } from '../../workers/demo/narrator.ts';
import { weekly } from '../../workers/demo/settings.ts';
import { tellStory } from '../../workers/demo/story.ts';
import { scheduleId } from '../../workflows/ids.ts';
import { useWorld, type World } from './world.ts';

/** Tells the story in this world; answers what came true, and what was told before it happened. */
async function story(world: World, patienceMs = 60_000) {
  const begun: string[] = [];
  const pauses: string[] = [];
  const narrator: Narrator = {
    prepared: () => {},
    begins: (number, { title }) => void begun.push(`${number} ${title}`),
    waits: (_, work) => work(),
    ends: () => {},
    pauses: async (invitation) => void pauses.push(invitation),
  };
  const { urls, tandem, temporal, installation } = world;
  const told = await tellStory({
    urls,
    systems: { hubspot: world.systems().hubspot.reader, salesforce: world.systems().salesforce.reader },
    tandem,
    temporal: temporal.client,
    installation,
    narrator,
    patienceMs,
  }).finally(() => temporal.client.schedule.getHandle(scheduleId(installation, weekly)).delete());
  return { ...told, begun, pauses };
}

describe('the story of the demo', () => {
  const world = useWorld(async () => {}, { withoutKeys: true });

  test('comes true', async () => {
    const { steps, failed, begun, pauses } = await story(world());
    expect(steps.flatMap(({ findings }) => findings).filter(({ isTrue }) => !isTrue)).toEqual([]);
    expect(failed).toBeUndefined();
    expect(steps.flatMap(({ table }) => table?.head ?? [])).toEqual(
      expect.arrayContaining(['phase', 'outcome', 'records']),
    );
    expect(begun).toEqual([
      '1 Choosing a segment syncs nobody',
      '2 An edit of a member crosses',
      '3 An edit that takes a contact out of the segment does not cross',
      '4 When HubSpot has evaluated the segment, the record is skipped',
      '5 A contact that joins the segment syncs',
      '6 The same edit in Salesforce crosses back',
      '7 An import brings the emails first, then the rest of the members',
      '8 A scheduled resync brings the members into step, and writes nothing the next time',
    ]);
    expect(pauses).toHaveLength(1);
  }, 300_000);
});

describe('the story of the demo, with a gate that is always open', () => {
  const judge = () => ({ kind: 'open', basis: 'open' }) as const;
  const world = useWorld(async () => {}, { withoutKeys: true, judge });

  test('fails at the edit that takes a contact out, by what the sandboxes hold', async () => {
    const { steps, failed } = await story(world());
    expect(failed).toBe('An edit that takes a contact out of the segment does not cross');
    expect(steps).toHaveLength(3);
    expect(steps.at(-1)?.findings).toContainEqual({
      isTrue: false,
      says: 'fields written to her in Salesforce: Title',
    });
  });
});
