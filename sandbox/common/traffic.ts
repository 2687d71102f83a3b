/** One write of one field of one record by an API client, in the order of arrival. */
export interface FieldWrite {
  readonly type: string;
  readonly id: string;
  readonly field: string;
  readonly kind: 'create' | 'update' | 'archive';
}

/**
 * Counts what API clients did; edits by people (`/_sandbox/people/…`) are not counted. `unmodelled` lists calls and
 * parameters that the sandbox does not know and therefore answered as the vendor answers an unknown path.
 */
export class Traffic {
  readonly calls = new Map<string, number>();
  readonly writes: FieldWrite[] = [];
  readonly unmodelled: string[] = [];
  /** Calls that were refused because a limit was spent, by limit. */
  readonly overruns = new Map<string, number>();

  /** Notes a call by its route, for instance `POST /crm/v3/objects/{type}/batch/read`. */
  called(route: string): void {
    this.calls.set(route, (this.calls.get(route) ?? 0) + 1);
  }

  wrote(kind: FieldWrite['kind'], type: string, id: string, fields: Iterable<string>): void {
    for (const field of fields) this.writes.push({ type, id, field, kind });
  }

  overran(limit: string): void {
    this.overruns.set(limit, (this.overruns.get(limit) ?? 0) + 1);
  }

  /** Plain data for `GET /_sandbox/traffic`. */
  report(): TrafficReport {
    return {
      calls: Object.fromEntries(this.calls),
      writes: [...this.writes],
      unmodelled: [...this.unmodelled],
      overruns: Object.fromEntries(this.overruns),
    };
  }

  clear(): void {
    this.calls.clear();
    this.writes.length = 0;
    this.unmodelled.length = 0;
    this.overruns.clear();
  }
}

export interface TrafficReport {
  readonly calls: Readonly<Record<string, number>>;
  readonly writes: readonly FieldWrite[];
  readonly unmodelled: readonly string[];
  readonly overruns: Readonly<Record<string, number>>;
}
