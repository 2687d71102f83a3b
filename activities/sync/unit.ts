import type { Verdict } from '../../core/gate.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Related } from '../../core/plan/association.ts';
import { type RecordRef, refKey } from '../../core/record-ref.ts';
import type { FilterVerdict } from '../../core/segment-filter.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import type { AssociationType, HubSpotRecord, SalesforceRecord } from '../../crm/types.ts';
import type { NewConflict } from '../../ledger/conflicts.ts';
import type { Decision } from '../../ledger/decisions.ts';
import type { Pairing } from '../../ledger/pairings.ts';
import type { Base, Pair } from '../../ledger/pairs.ts';
import type { Tombstone } from '../../ledger/tombstones.ts';
import type { Fate } from './fates.ts';

/** One or two records that belong together, on their way through a pass of `syncRecords`. */
export interface Unit {
  readonly object: ObjectSettings;
  /** The refs that were asked for; each gets the unit's result. */
  readonly asked: RecordRef[];
  pair: Pair | undefined;
  /** A pair that was asked for by hand and taken up in this pass. */
  pairing: Pairing | undefined;
  /** The pair that it is to replace. */
  replaces: Pair | undefined;
  hubspotId: string | undefined;
  salesforceId: string | undefined;
  /** The type of the Salesforce record, once it is known or about to be created. */
  salesforceType: string | undefined;
  /** Lease keys that this unit holds. */
  readonly held: Set<string>;
  /** Names the read that its permits rest on. */
  readId: string;
  hubspot: HubSpotRecord | undefined;
  salesforce: SalesforceRecord | undefined;
  /** False where its type has a SOQL condition that the Salesforce record does not meet. */
  meetsCondition: boolean;
  verdict: Verdict | undefined;
  /** Whether it would belong to its segments with the values of Salesforce, where that was asked. */
  wouldBelong: FilterVerdict | undefined;
  /** Keyed hash of the values that the segments' filters read, with the segments' versions. */
  evidence: string | undefined;
  /** Set when the unit's turn is over. */
  end: { readonly kind: 'done'; readonly outcome: Outcome } | { readonly kind: 'busy' } | undefined;
  /** The HubSpot record was created in this pass, although the verdict is not open. */
  createdHere: boolean;
  /** Set when something was written in this pass. */
  wrote: boolean;
  /** What is to be stored of the pair when the batch is closed. */
  base: Base | undefined;
  readonly conflicts: NewConflict[];
  /** Fields (by HubSpot property) that a vendor refused in this pass: the others go on without them. */
  readonly refused: Set<string>;
  /** What became of a record of the pair that is no longer there. */
  fate: Fate | undefined;
  /** The newest decision whose verdict was open or closed. */
  lastDecided: Decision | undefined;
  /** Its pair was ended when it left its segment; known where it has none. */
  wasUnlinked: boolean;
  /** It has left its segment, and the exit policy is carried out in this pass. */
  isLeaving: boolean;
  readonly tombstones: Tombstone[];
  /** Which parents both sides name, by the association's key. */
  readonly related: Map<string, Related>;
  /** Parents that have no pair yet, by the same. */
  readonly missingParents: Map<string, readonly RecordRef[]>;
  /** HubSpot's type of the parents, and the way to belong to them, by the same. */
  readonly parentTypes: Map<string, { readonly type: string; readonly association: AssociationType }>;
}

export function newUnit(object: ObjectSettings, ref: RecordRef, pair: Pair | undefined): Unit {
  return {
    object,
    asked: [ref],
    pair,
    pairing: undefined,
    replaces: undefined,
    hubspotId: pair?.hubspotId ?? (ref.system === 'hubspot' ? ref.id : undefined),
    salesforceId: pair?.salesforceId ?? (ref.system === 'salesforce' ? ref.id : undefined),
    salesforceType: pair?.salesforceType,
    held: new Set(),
    readId: '',
    hubspot: undefined,
    salesforce: undefined,
    meetsCondition: true,
    verdict: undefined,
    wouldBelong: undefined,
    evidence: undefined,
    end: undefined,
    createdHere: false,
    wrote: false,
    base: undefined,
    conflicts: [],
    refused: new Set(),
    fate: undefined,
    lastDecided: undefined,
    wasUnlinked: false,
    isLeaving: false,
    tombstones: [],
    related: new Map(),
    missingParents: new Map(),
    parentTypes: new Map(),
  };
}

/** The unit's records as far as they are known, HubSpot's first: the first one names it. */
export function unitRefs({ object, hubspotId, salesforceId }: Unit): RecordRef[] {
  const refs: RecordRef[] = [];
  if (hubspotId) refs.push({ system: 'hubspot', object: object.name, id: hubspotId });
  if (salesforceId) refs.push({ system: 'salesforce', object: object.name, id: salesforceId });
  return refs;
}

/** What permits, leases and decisions call the unit by. */
export function unitRef(unit: Unit): RecordRef {
  const [ref] = unitRefs(unit);
  if (!ref) throw new Error('A unit without a record.');
  return ref;
}

/** The record that the unit was asked for by, so that it leads back to it; where it has none left, its name. */
export const askedRef = (unit: Unit): RecordRef => unit.asked[0] ?? unitRef(unit);

/** The pair's base with what this pass has moved. */
export const knownBase = ({ pair, base }: Unit): Base | undefined => (base ? { ...pair?.base, ...base } : pair?.base);

export const unitKey = (unit: Unit): string => refKey(unitRef(unit));

export const isOpen = (unit: Unit): boolean => unit.end === undefined;

export function finish(unit: Unit, outcome: Outcome): void {
  unit.end = { kind: 'done', outcome };
}
