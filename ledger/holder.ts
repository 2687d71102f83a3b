/**
 * Who holds leases: `owner` is workflow run and activity id, `attempt` the fencing number. A higher attempt of the same
 * owner takes its leases over; the lower one can no longer start a write.
 */
export interface Holder {
  readonly owner: string;
  readonly attempt: number;
}

/** A lease that this attempt relied on is gone or runs out too soon: nothing may be sent. Read again. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor(holder: Holder, held: number, needed: number) {
    super(
      `${held} of ${needed} leases are still held by attempt ${holder.attempt} of ${holder.owner}: nothing was sent.`,
    );
  }
}

/** Other settings run than those that the plan was made with: nothing may be sent. Plan again. */
export class SettingsMoved extends Error {
  override readonly name = 'SettingsMoved';

  constructor(planned: number, current: number | null) {
    super(
      `The plan was made with version ${planned} of the settings, version ${current ?? 'none'} runs: nothing was sent.`,
    );
  }
}
