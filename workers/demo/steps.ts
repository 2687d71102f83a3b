import { describeOutcome } from '../../core/outcome.ts';
import { segmentWatchId } from '../../workflows/ids.ts';
import { StartError } from '../start-error.ts';
import { contact, counted, fieldsOf, titleOf, wrote } from './findings.ts';
import { type Cast, firstTitle } from './prepare.ts';
import { importing, resyncing } from './run-steps.ts';
import { customers, demoSettings, keyField } from './settings.ts';
import { afterTwoMorePolls, pageOf, roundsOf, type Stage } from './stage.ts';
import type { Step } from './step.ts';

/** The steps in their order; each rests on those before it. */
export const stepsOf = (stage: Stage, cast: Cast): readonly Step[] => [
  choosing(stage, cast),
  crossing(cast),
  leaving(stage, cast),
  evaluating(stage, cast),
  joining(stage, cast),
  comingBack(stage, cast),
  importing(stage, cast),
  resyncing(stage, cast),
];

const choosing = (stage: Stage, cast: Cast): Step => ({
  title: 'Choosing a segment syncs nobody',
  does: `Settings are applied by which the members of "${customers.name}" may sync: ${cast.members} of the ${cast.contacts} contacts in HubSpot.`,
  expects: 'Nothing is written in either system. Members sync at their next change.',
  waitsFor: 'Tandem to look twice for changes in both systems',
  async act() {
    const [hubspot, salesforce] = [await counted(cast.hubspot), await counted(cast.salesforce)];
    const result = await stage.tandem.applySettings(demoSettings);
    if (!result.applied) {
      const problems = result.problems.map(({ path, found, expected }) => `${path}: ${found}; expected ${expected}`);
      throw new StartError(`The settings of the demo were refused.\n${problems.join('\n')}`);
    }
    const isPolled = await afterTwoMorePolls(stage);
    const watch = segmentWatchId(stage.installation, cast.segmentId);
    return {
      isOver: async () => (await roundsOf(stage.temporal, watch)) > 0 && (await isPolled()),
      judge: async () => [wrote('in HubSpot', await hubspot(), []), wrote('in Salesforce', await salesforce(), [])],
    };
  },
});

const crossing = ({ hubspot, salesforce, ada }: Cast): Step => ({
  title: 'An edit of a member crosses',
  does: `In HubSpot, somebody changes Ada's job title from "${firstTitle}" to "Head of Tea".`,
  expects: 'Salesforce gets the title, and no other field of hers.',
  waitsFor: 'the title to be in Salesforce',
  async act() {
    const written = await counted(salesforce, ada.salesforceId);
    await hubspot.editContact(ada.hubspotId, { jobtitle: 'Head of Tea' });
    return {
      isOver: async () => (await salesforce.contact(ada.salesforceId))['Title'] === 'Head of Tea',
      judge: async () => [
        await titleOf(salesforce, ada.salesforceId, 'Head of Tea'),
        wrote('to her in Salesforce', await written(), ['Title']),
      ],
    };
  },
});

const leaving = (stage: Stage, { hubspot, salesforce, segmentId, ada }: Cast): Step => ({
  title: 'An edit that takes a contact out of the segment does not cross',
  does: 'In HubSpot, Ada\'s job title becomes "Between jobs", and she is no customer any more. HubSpot has not evaluated its segments since, so it still says that she is in.',
  expects: 'Tandem sees that her values and her membership disagree. Nothing crosses; her record waits.',
  waitsFor: 'Tandem to look at her record',
  pause: 'Her record waits now; the page above shows it.',
  async act() {
    const written = await counted(salesforce, ada.salesforceId);
    await hubspot.editContact(ada.hubspotId, { jobtitle: 'Between jobs', lifecyclestage: 'other' });
    const record = () => stage.tandem.getRecord(contact(ada.hubspotId));
    return {
      // Without a gate it would be written and not wait.
      isOver: async () => (await record()).waits.length > 0 || (await written()).length > 0,
      async judge() {
        const isMember = (await hubspot.members(segmentId)).includes(ada.hubspotId);
        const fits = await hubspot.fits(segmentId, ada.hubspotId);
        const { waits, workflowId } = await record();
        return [
          {
            isTrue: isMember && !fits,
            says: `HubSpot says that she is ${isMember ? 'in' : 'out'}; the segment's filter on her values says ${fits ? 'in' : 'out'}`,
          },
          await titleOf(salesforce, ada.salesforceId, 'Head of Tea'),
          wrote('to her in Salesforce', await written(), []),
          {
            isTrue: waits.length > 0,
            says: `her record ${waits.length > 0 ? 'waits' : 'does not wait'}: ${await pageOf(stage, workflowId)}`,
          },
        ];
      },
    };
  },
});

const evaluating = (stage: Stage, { hubspot, salesforce, segmentId, ada }: Cast): Step => ({
  title: 'When HubSpot has evaluated the segment, the record is skipped',
  does: 'HubSpot evaluates its segments.',
  expects: 'Ada is out. What she was in Salesforce, she stays.',
  waitsFor: 'Tandem to look at her record again',
  async act() {
    await hubspot.evaluate();
    const isPolled = await afterTwoMorePolls(stage);
    const outcome = async () => (await stage.tandem.getRecord(contact(ada.hubspotId))).decision?.outcome;
    return {
      isOver: async () => (await outcome())?.kind !== 'waiting' && (await isPolled()),
      async judge() {
        const isMember = (await hubspot.members(segmentId)).includes(ada.hubspotId);
        const came = await outcome();
        return [
          { isTrue: !isMember, says: `HubSpot says that she is ${isMember ? 'in' : 'out'}` },
          await titleOf(salesforce, ada.salesforceId, 'Head of Tea'),
          // Counted from the beginning, so that nothing between two steps is overlooked.
          wrote('to her in Salesforce in the whole story', await fieldsOf(salesforce, ada.salesforceId), ['Title']),
          { isTrue: came?.kind === 'skipped', says: `her record: ${came ? describeOutcome(came) : 'not decided'}` },
        ];
      },
    };
  },
});

const joining = (stage: Stage, { hubspot, salesforce, ben }: Cast): Step => ({
  title: 'A contact that joins the segment syncs',
  does: 'In HubSpot, Ben becomes a customer, and HubSpot evaluates its segments. Salesforce does not know him.',
  expects: "Salesforce gets one new contact, which carries the id of Ben's record in HubSpot.",
  waitsFor: 'Ben to be in Salesforce',
  async act() {
    const before = await salesforce.contactsWith(ben.email);
    await hubspot.editContact(ben.hubspotId, { lifecyclestage: 'customer' });
    await hubspot.evaluate();
    return {
      isOver: async () => (await salesforce.contactsWith(ben.email)).length > 0,
      async judge() {
        const contacts = await salesforce.contactsWith(ben.email);
        const carries = contacts.map((fields) => fields[keyField]);
        return [
          {
            isTrue: before.length === 0 && contacts.length === 1,
            says: `contacts with his email in Salesforce: ${before.length} before, ${contacts.length} now`,
          },
          {
            isTrue: carries[0] === ben.hubspotId,
            says: `${keyField} is ${carries.join(', ') || 'nowhere'}; in HubSpot his id is ${ben.hubspotId}`,
          },
        ];
      },
    };
  },
});

const comingBack = (stage: Stage, { hubspot, salesforce, ben }: Cast): Step => ({
  title: 'The same edit in Salesforce crosses back',
  does: `In Salesforce, somebody changes Ben's title from "Barista" to "Head of Coffee".`,
  expects: 'HubSpot gets the title, and Salesforce does not get it back.',
  waitsFor: 'the title to be in HubSpot, and two more looks for changes in both systems',
  async act() {
    const [{ Id } = {}] = await salesforce.contactsWith(ben.email);
    const toHubSpot = await counted(hubspot, ben.hubspotId);
    const toSalesforce = await counted(salesforce, String(Id));
    await salesforce.editContact(String(Id), { Title: 'Head of Coffee' });
    const title = async () => (await hubspot.contact(ben.hubspotId))['jobtitle'];
    let isPolled: (() => Promise<boolean>) | undefined;
    return {
      async isOver() {
        if ((await title()) !== 'Head of Coffee') return false;
        isPolled ??= await afterTwoMorePolls(stage);
        return await isPolled();
      },
      async judge() {
        const found = await title();
        return [
          { isTrue: found === 'Head of Coffee', says: `job title in HubSpot: "${found}"` },
          wrote('to him in HubSpot', await toHubSpot(), ['jobtitle']),
          wrote('to him in Salesforce', await toSalesforce(), []),
          {
            isTrue: (await salesforce.contactsWith(ben.email)).length === 1,
            says: `contacts with his email in Salesforce: ${(await salesforce.contactsWith(ben.email)).length}`,
          },
        ];
      },
    };
  },
});
