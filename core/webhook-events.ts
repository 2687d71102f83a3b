import { z } from 'zod';
import type { RecordRef } from './record-ref.ts';
import type { Settings } from './settings/settings.ts';

/**
 * One event as HubSpot tells it, as far as it is a hint: which record, when, and what drops repeats. Values are not read,
 * and nothing of it is trusted: whoever is told reads the record. https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide
 */
const event = z.looseObject({
  eventId: z.number(),
  portalId: z.number(),
  occurredAt: z.number(),
  subscriptionType: z.string().optional(),
  /** The older name of the same. */
  eventType: z.string().optional(),
  objectId: z.number().optional(),
  objectTypeId: z.string().optional(),
  propertyName: z.string().optional(),
  primaryObjectId: z.number().optional(),
  mergedObjectIds: z.array(z.number()).optional(),
  fromObjectId: z.number().optional(),
});
export const webhookEvents = z.array(event);
export type WebhookEvent = z.infer<typeof event>;

/** A hint: a record that may have changed. */
export interface Notice {
  /** The same for a repeat. */
  readonly key: string;
  readonly ref: RecordRef;
  /** ISO. */
  readonly occurredAt: string;
}

const typeIds: Readonly<Record<string, string>> = { contact: '0-1', company: '0-2', deal: '0-3', ticket: '0-5' };

/** What an event says of records that these settings sync; nothing for any other, or for another account's. */
export function noticesOf(events: readonly WebhookEvent[], settings: Settings, portalId: string): Notice[] {
  const objects = Object.values(settings.objects);
  return events.flatMap((each) => {
    const { subscriptionType = each.eventType ?? '', occurredAt, eventId, propertyName = '' } = each;
    const [prefix = ''] = subscriptionType.split('.');
    const typeId = prefix === 'object' ? each.objectTypeId : typeIds[prefix];
    const object = objects.find(({ hubspot }) => hubspot.typeId === typeId);
    if (!object || String(each.portalId) !== portalId) return [];
    const ids = [each.objectId, each.primaryObjectId, ...(each.mergedObjectIds ?? [])].filter((id) => id !== undefined);
    return [...new Set(ids)].map(
      (id): Notice => ({
        key: [portalId, subscriptionType, id, propertyName, eventId, occurredAt].join('/'),
        ref: { system: 'hubspot', object: object.name, id: String(id) },
        occurredAt: new Date(occurredAt).toISOString(),
      }),
    );
  });
}
