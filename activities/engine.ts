import type { judge } from '../core/gate.ts';
import type { HubSpotReader, HubSpotWriter, SalesforceReader, SalesforceWriter, SegmentInfo } from '../crm/types.ts';
import type { Holder } from '../ledger/holder.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { ChangedRecord, WaitOver } from './hand-over.ts';

/** The parts that the sync engine works with. It reads no clock, makes no id and sleeps nowhere by itself. */
export interface Engine {
  readonly ledger: Ledger;
  readonly hubspot: { readonly reader: HubSpotReader; readonly writer: HubSpotWriter };
  readonly salesforce: { readonly reader: SalesforceReader; readonly writer: SalesforceWriter };
  /** The gate: whether a record, as read, may sync. */
  readonly judge: typeof judge;
  /** Hands records to their workflows; a repeated id is dropped there. */
  readonly handOver: (changes: readonly ChangedRecord[]) => Promise<void>;
  /** Tells the watches of these segments that records wait. */
  readonly recordsWait: (segmentIds: readonly string[]) => Promise<void>;
  /** Tells others, by their waiter keys, that a record they waited for has been decided. */
  readonly waitsOver: (waits: readonly WaitOver[]) => Promise<void>;
  /** Segment definitions as read last, by id: they only tell which properties to read, never decide. */
  readonly definitions: Map<string, SegmentInfo>;
  readonly requestTimeoutMs: number;
  /** Our own clock, milliseconds: for how much time is left, never compared with a vendor's. */
  readonly now: () => number;
}

/** One attempt of the activity that works: the holder of its leases. */
export interface Attempt extends Holder {
  /** When this attempt must be over, by `Engine.now`. */
  readonly endsAtMs: number;
}
