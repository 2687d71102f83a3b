import type { Clock } from '../../common/clock.ts';
import { IdSequence } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Found } from '../soql/run.ts';

const largestPage = 2000;
const lifeMs = 2 * 86_400_000;

/** Cursors of queries whose answer is longer than a page: what was found is kept as it was, for two days. */
export class Locators {
  readonly #clock: Clock;
  readonly #ids = new IdSequence();
  readonly #open = new Map<string, { found: Found; pageSize: number; until: number }>();
  #pageSize = largestPage;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The server's own page size, which may be shorter than what a client asks for; undefined is the usual 2,000. */
  setPageSize(size: number | undefined): void {
    this.#pageSize = size ?? largestPage;
  }

  /** From now on every cursor handed out so far is unknown. */
  expireAll(): void {
    this.#open.clear();
  }

  /** The first page; `wanted` is what the client asked for, between 200 and 2,000. */
  first(found: Found, basePath: string, wanted = largestPage): unknown {
    const pageSize = Math.min(this.#pageSize, Math.max(200, wanted));
    if (found.records.length > pageSize && found.isAggregate) {
      throw new Refusal(
        400,
        'EXCEEDED_ID_LIMIT',
        'Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch',
      );
    }
    const id = this.#ids.take('01g');
    for (const [old, { until }] of this.#open) if (until < this.#clock.now()) this.#open.delete(old);
    if (found.records.length > pageSize) this.#open.set(id, { found, pageSize, until: this.#clock.now() + lifeMs });
    return page(found, id, 0, pageSize, basePath);
  }

  /** A further page by what stood in `nextRecordsUrl`; asking again gives the same page. */
  more(locator: string, basePath: string): unknown {
    const [id = '', start] = locator.split('-');
    const cursor = this.#open.get(id);
    if (!cursor || cursor.until < this.#clock.now() || !/^\d+$/.test(start ?? '')) {
      throw new Refusal(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
    }
    return page(cursor.found, id, Number(start), cursor.pageSize, basePath);
  }
}

function page({ totalSize, records }: Found, id: string, start: number, size: number, basePath: string): unknown {
  const end = start + size;
  const done = end >= records.length;
  return {
    totalSize,
    done,
    ...(!done && { nextRecordsUrl: `${basePath}/query/${id}-${end}` }),
    records: records.slice(start, end).map((make) => make()),
  };
}
