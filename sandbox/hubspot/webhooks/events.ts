import type { AssociationEvent } from '../associations.ts';
import { valueOf } from '../record.ts';
import type { RecordEvent } from '../records.ts';
import type { ObjectType } from '../types/index.ts';

/** One kind of event that an app wants to hear of. A property's changes need a subscription per property. */
export interface Subscription {
  /** For instance `contact.propertyChange`, or `object.creation` with an `objectTypeId`. */
  readonly subscriptionType: string;
  readonly objectTypeId?: string | undefined;
  readonly propertyName?: string | undefined;
}

/** What an event says beside what all of them say. */
export interface Happening {
  readonly subscription: Subscription & { readonly id: number };
  readonly objectId: string;
  readonly more: Readonly<Record<string, unknown>>;
}

/** Types of records that have events of their own name; all others are told as `object`. */
const named = new Set(['contact', 'company', 'deal', 'ticket']);

const prefixOf = (type: ObjectType): string => {
  const name = type.singular.toLowerCase();
  return named.has(name) ? name : 'object';
};

/** Properties whose changes nobody can subscribe to. */
export const neverTold = new Set(['hs_lastmodifieddate', 'num_unique_conversion_events']);

export const eventKinds = [
  'creation',
  'deletion',
  'merge',
  'restore',
  'propertyChange',
  'associationChange',
  'privacyDeletion',
] as const;

/** The subscriptions that are for a kind of event of a type of record. */
function wanting(
  subscriptions: readonly (Subscription & { readonly id: number })[],
  type: ObjectType,
  kind: (typeof eventKinds)[number],
): (Subscription & { readonly id: number })[] {
  return subscriptions.filter(
    ({ subscriptionType, objectTypeId }) =>
      subscriptionType === `${prefixOf(type)}.${kind}` ||
      (subscriptionType === `object.${kind}` && objectTypeId === type.typeId),
  );
}

/** What HubSpot tells an app of something that happened to a record. */
export function happeningsOf(
  event: RecordEvent,
  subscriptions: readonly (Subscription & { readonly id: number })[],
): Happening[] {
  const { record, kind } = event;
  const of = (name: (typeof eventKinds)[number], more: Record<string, unknown>): Happening[] =>
    wanting(subscriptions, record.type, name).map((subscription) => ({ subscription, objectId: record.id, more }));
  const changes = (): Happening[] =>
    wanting(subscriptions, record.type, 'propertyChange').flatMap((subscription) => {
      const { propertyName = '' } = subscription;
      if (!event.changed.has(propertyName)) return [];
      const more = { propertyName, propertyValue: valueOf(record, propertyName) ?? '' };
      return [{ subscription, objectId: record.id, more }];
    });
  switch (kind) {
    case 'created':
      // Our choice: what a new record was made with is told as changes, too.
      return [...of('creation', { changeFlag: 'NEW' }), ...changes()];
    case 'changed':
      return changes();
    case 'archived':
      return of('deletion', { changeFlag: 'DELETED' });
    case 'restored':
      return of('restore', { changeFlag: 'RESTORED' });
    case 'erased':
      return [...of('privacyDeletion', {}), ...of('deletion', { changeFlag: 'DELETED' })];
    case 'merged':
      return [
        ...of('merge', {
          primaryObjectId: Number(record.id),
          mergedObjectIds: [Number(event.absorbedId)],
          newObjectId: Number(record.id),
          numberOfPropertiesMoved: event.changed.size,
        }),
        ...changes(),
      ];
    case 'absorbed':
      // Our choice: the merge is all that is told of a record's end in another one.
      return [];
  }
  return kind satisfies never;
}

/** What HubSpot tells of an association: one event for each end. */
export function associationHappenings(
  { from, to, isRemoved, isPrimary }: AssociationEvent,
  typeOf: (typeId: string) => ObjectType,
  subscriptions: readonly (Subscription & { readonly id: number })[],
): Happening[] {
  const ends = [
    [from, to],
    [to, from],
  ] as const;
  return ends.flatMap(([a, b]) => {
    const [fromType, toType] = [typeOf(a.typeId), typeOf(b.typeId)];
    return wanting(subscriptions, fromType, 'associationChange').map((subscription) => ({
      subscription,
      objectId: a.id,
      more: {
        associationType: `${fromType.singular}_TO_${toType.singular}`.toUpperCase(),
        fromObjectId: Number(a.id),
        toObjectId: Number(b.id),
        associationRemoved: isRemoved,
        isPrimaryAssociation: isPrimary,
      },
    }));
  });
}
