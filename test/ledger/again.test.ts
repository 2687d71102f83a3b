import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { sql } from 'kysely';
import { type RecordRef, refKey } from '../../core/record-ref.ts';
import type { Holder, LeaseKey, Ledger, Mark } from '../../ledger/index.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();
const minute = 60_000;
const refs = ['1', '2', '3', '4'].map((id): RecordRef => ({ system: 'hubspot', object: 'contacts', id }));

/** Records 1 and 2 meet on one match key, 3 and 4 on another. */
const keysOf = (ref: RecordRef): LeaseKey[] => [
  { key: refKey(ref), ref },
  { key: `match/${Number(ref.id) <= 2 ? 'first' : 'second'}`, ref },
];

/** What is true of the records: when each changed last, and up to when its changes have been read by a sync. */
class World {
  time = 0;
  readonly changedAt = new Map<string, number>();
  readonly readUntil = new Map<string, number>();
  /** Records whose sync is to run, in order. */
  readonly queue: RecordRef[] = [];

  change(ref: RecordRef): void {
    this.changedAt.set(ref.id, ++this.time);
    this.queue.push(ref);
  }

  lost(): string[] {
    return [...this.changedAt].filter(([id, at]) => at > (this.readUntil.get(id) ?? 0)).map(([id]) => id);
  }
}

/** A worker that syncs one record at a time, as `syncRecords` does: lease, read, and on the way out hand over, then clear. */
class Worker {
  readonly #world: World;
  readonly #ledger: Ledger;
  holder: Holder;
  work: { readonly ref: RecordRef; readAt: number } | undefined;
  marks: readonly Mark[] = [];

  constructor(world: World, ledger: Ledger, owner: string) {
    this.#world = world;
    this.#ledger = ledger;
    this.holder = { owner, attempt: 1 };
  }

  get isIdle(): boolean {
    return !this.work && this.marks.length === 0;
  }

  /** A record that is busy is dropped here: only the mark can bring it back. */
  async begin(ref: RecordRef): Promise<void> {
    const { busy } = await this.#ledger.leases.take(this.holder, keysOf(ref), minute);
    if (busy.length > 0) await this.handOver();
    else this.work = { ref, readAt: ++this.#world.time };
  }

  /** The next attempt of the same activity: takes over and reads anew. */
  async retry(): Promise<void> {
    if (!this.work) return;
    this.holder = { ...this.holder, attempt: this.holder.attempt + 1 };
    const { busy } = await this.#ledger.leases.take(this.holder, keysOf(this.work.ref), minute);
    expect(busy).toEqual([]);
    this.work.readAt = ++this.#world.time;
  }

  async handOver(): Promise<void> {
    if (this.work) this.#world.readUntil.set(this.work.ref.id, this.work.readAt);
    this.work = undefined;
    this.marks = await this.#ledger.leases.release(this.holder);
    this.#world.queue.push(...this.marks.flatMap(({ refs }) => refs));
  }

  async clear(): Promise<void> {
    this.marks = await this.#ledger.leases.clear(this.marks);
    this.#world.queue.push(...this.marks.flatMap(({ refs }) => refs));
  }
}

async function sweep(world: World, ledger: Ledger): Promise<void> {
  const marks = await ledger.leases.expiredMarked(100);
  world.queue.push(...marks.flatMap(({ refs }) => refs));
  await ledger.leases.clear(marks);
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom('change', 'change', 'begin', 'begin', 'finish', 'clear', 'retry', 'die', 'sweep'),
    worker: fc.nat(2),
    ref: fc.constantFrom(...refs),
  }),
  { minLength: 10, maxLength: 40 },
);

describe('a change that meets a busy record', () => {
  test('is read by a later sync in every order of changes, syncs, crashes and sweeps', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (steps) => {
        await sql`delete from leases`.execute(ledger.db);
        const world = new World();
        let born = 0;
        const workers = [0, 1, 2].map(() => new Worker(world, ledger, `worker ${born++}`));

        const step = async (what: string, index: number, ref: RecordRef): Promise<void> => {
          const worker = workers[index] as Worker;
          const next = world.queue[0];
          if (what === 'change') world.change(ref);
          if (what === 'begin' && worker.isIdle && next) await worker.begin(world.queue.shift() ?? next);
          if (what === 'finish' && worker.work) await worker.handOver();
          if (what === 'clear' && worker.marks.length > 0) await worker.clear();
          if (what === 'retry') await worker.retry();
          if (what === 'sweep') await sweep(world, ledger);
          if (what === 'die') {
            // Its own record is still with its workflow, which starts another activity; its marks are with nobody.
            if (worker.work) world.queue.push(worker.work.ref);
            await ledger.expire(worker.holder.owner);
            workers[index] = new Worker(world, ledger, `worker ${born++}`);
          }
          const working = workers.flatMap(({ work }) => (work ? keysOf(work.ref) : [])).map(({ key }) => key);
          expect(new Set(working).size).toBe(working.length);
        };

        for (const { what, worker, ref } of steps) await step(what, worker, ref);
        const isAtRest = (): boolean => world.queue.length === 0 && workers.every(({ isIdle }) => isIdle);
        for (let round = 0; round < 200; round++) {
          await sweep(world, ledger);
          if (isAtRest()) break;
          for (const index of [0, 1, 2]) {
            for (const what of ['begin', 'finish']) await step(what, index, refs[0] as RecordRef);
            // Clearing follows the hand-over at once, long before what was handed over runs.
            while (workers[index]?.marks.length) await step('clear', index, refs[0] as RecordRef);
          }
        }
        expect(isAtRest()).toBe(true);
        expect(world.lost()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  }, 300_000);

  test('is read by a later sync when many workers run at once', async () => {
    const world = new World();
    const changes = Array.from({ length: 120 }, (_, i) => refs[(i * 7) % refs.length] as RecordRef);
    const work = async (worker: Worker): Promise<void> => {
      for (;;) {
        const change = changes.shift();
        if (change) world.change(change);
        const ref = world.queue.shift();
        if (!ref) return;
        await worker.begin(ref);
        if (worker.work) await worker.handOver();
        while (worker.marks.length > 0) await worker.clear();
      }
    };
    const workers = Array.from(
      { length: 8 },
      (_, i) => new Worker(world, i % 2 ? ledger : ledger.other, `worker ${i}`),
    );
    await Promise.all(workers.map(work));
    // Whoever ended last may have handed something over after the others had gone home.
    await work(workers[0] as Worker);
    expect(world.lost()).toEqual([]);
    expect(world.readUntil.size).toBe(refs.length);
  });
});
