import { Hono } from 'hono';
import { type PairingAsked, pairingRequest } from '../client/answers.ts';
import { checkRef, refKey } from '../core/record-ref.ts';
import { typesOfId } from '../core/salesforce-types.ts';
import type { Ledger } from '../ledger/index.ts';
import { knownObject, Refusal, settingsThatRun } from './refusal.ts';
import { checkedBody, limitedTo } from './request-body.ts';

/** Takes the wish to pair a HubSpot record with another Salesforce record; the record's next pass carries it out. */
export function pairingRoutes(ledger: Ledger): Hono {
  const app = new Hono();
  app.post('/:object/hubspot/:id/pairing', limitedTo(1024, 'A request'), async (c) => {
    const { settings } = await settingsThatRun(ledger);
    const object = knownObject(settings, c.req.param('object'));
    const hubspot = checkRef({ system: 'hubspot', object: object.name, id: c.req.param('id') });
    const { salesforceId } = await checkedBody(c, pairingRequest);
    const salesforce = checkRef({ system: 'salesforce', object: object.name, id: salesforceId });
    const { types } = object.salesforce;
    if (typesOfId(salesforce.id, types).length === 0) {
      const known = types.join(', ');
      throw new Refusal(400, 'OtherType', `${salesforce.id} is no id of ${object.name}, which are ${known}.`);
    }
    const owner = (await ledger.pairs.byIds(object.name, 'salesforce', [salesforce.id])).get(salesforce.id);
    if (owner && owner.hubspotId !== hubspot.id) {
      const other = refKey({ ...hubspot, id: owner.hubspotId });
      throw new Refusal(
        409,
        'OtherPair',
        `Salesforce ${salesforce.id} is paired with ${other}: pair that one with its own record first.`,
      );
    }
    const pair = (await ledger.pairs.byIds(object.name, 'hubspot', [hubspot.id])).get(hubspot.id);
    const before = pair?.salesforceId ?? null;
    await ledger.pairings.ask({ object: object.name, hubspotId: hubspot.id, salesforceId: salesforce.id });
    return c.json({ ref: hubspot, salesforceId: salesforce.id, before } satisfies PairingAsked, 202);
  });
  return app;
}
