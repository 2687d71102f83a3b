import type { Clock, Timers } from '../../common/clock.ts';
import type { AssociationEvent } from '../associations.ts';
import type { Source } from '../record.ts';
import type { RecordEvent } from '../records.ts';
import { validationError } from '../refusal.ts';
import type { ObjectType } from '../types/index.ts';
import { Deliveries, type DeliveryReport, type Mishaps, type Send } from './deliveries.ts';
import {
  associationHappenings,
  eventKinds,
  type Happening,
  happeningsOf,
  neverTold,
  type Subscription,
} from './events.ts';

export interface WebhookSettings {
  readonly targetUrl: string;
  readonly clientSecret: string;
  /** Requests at once. Default: 10, HubSpot's own; it wants more than 5. */
  readonly maxConcurrentRequests?: number | undefined;
  readonly subscriptions: readonly Subscription[];
}

interface Surroundings {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly portalId: number;
  readonly appId: number;
  readonly typeOf: (typeId: string) => ObjectType;
  readonly send: Send;
}

const mostSubscriptions = 1000;

/** The notices that one app of the account subscribed to; configured by a control, as in an app's own pages. */
export class Webhooks {
  readonly #around: Surroundings;
  readonly #deliveries: Deliveries;
  #settings: WebhookSettings | undefined;
  #subscriptions: (Subscription & { readonly id: number })[] = [];
  #events = 0;

  constructor(around: Surroundings) {
    this.#around = around;
    this.#deliveries = new Deliveries(around.clock, around.timers, around.send, () =>
      this.#settings
        ? {
            url: this.#settings.targetUrl,
            secret: this.#settings.clientSecret,
            concurrency: this.#settings.maxConcurrentRequests ?? 10,
          }
        : undefined,
    );
  }

  /** Takes new settings, or none. Throws where a subscription is one that HubSpot does not have. */
  set(settings: WebhookSettings | undefined): void {
    for (const subscription of settings?.subscriptions ?? []) mustBeKnown(subscription);
    if ((settings?.subscriptions.length ?? 0) > mostSubscriptions) {
      throw validationError(`An app takes at most ${mostSubscriptions} subscriptions.`);
    }
    this.#settings = settings;
    this.#subscriptions = (settings?.subscriptions ?? []).map((subscription, place) => ({
      ...subscription,
      id: place + 1,
    }));
  }

  setMishaps(mishaps: Mishaps): void {
    this.#deliveries.setMishaps(mishaps);
  }

  report(): DeliveryReport {
    return this.#deliveries.report();
  }

  settled(): Promise<void> {
    return this.#deliveries.settled();
  }

  recordChanged(event: RecordEvent): void {
    if (!this.#settings) return;
    for (const happening of happeningsOf(event, this.#subscriptions)) this.#add(happening, event.at, event.source);
  }

  associationChanged(event: AssociationEvent): void {
    if (!this.#settings) return;
    const happenings = associationHappenings(event, this.#around.typeOf, this.#subscriptions);
    for (const happening of happenings) this.#add(happening, this.#around.clock.now(), event.source);
  }

  #add({ subscription, objectId, more }: Happening, occurredAt: number, source: Source): void {
    const { portalId, appId } = this.#around;
    this.#events += 1;
    this.#deliveries.add({
      // Not unique, as HubSpot says of its own.
      eventId: 1_000_000 + (this.#events % 1_000_003),
      subscriptionId: subscription.id,
      portalId,
      appId,
      occurredAt,
      subscriptionType: subscription.subscriptionType,
      objectId: Number(objectId),
      changeSource: source.sourceType,
      sourceId: source.sourceId,
      ...(subscription.objectTypeId !== undefined && { objectTypeId: subscription.objectTypeId }),
      ...more,
    });
  }
}

function mustBeKnown({ subscriptionType, propertyName, objectTypeId }: Subscription): void {
  const [prefix = '', kind = '', ...rest] = subscriptionType.split('.');
  const isKind = (eventKinds as readonly string[]).includes(kind) && rest.length === 0;
  const isPrefix = ['contact', 'company', 'deal', 'ticket', 'object'].includes(prefix);
  if (!isKind || !isPrefix || (kind === 'privacyDeletion' && prefix !== 'contact')) {
    throw validationError(`There is no subscription type '${subscriptionType}'.`);
  }
  if ((prefix === 'object') !== (objectTypeId !== undefined)) {
    throw validationError(`'${subscriptionType}' ${prefix === 'object' ? 'needs an' : 'takes no'} objectTypeId.`);
  }
  if ((kind === 'propertyChange') !== (propertyName !== undefined)) {
    throw validationError(`'${subscriptionType}' ${kind === 'propertyChange' ? 'needs a' : 'takes no'} propertyName.`);
  }
  if (propertyName !== undefined && neverTold.has(propertyName)) {
    throw validationError(`Changes of ${propertyName} can't be subscribed to.`);
  }
}
