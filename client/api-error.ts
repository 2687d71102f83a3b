/**
 * Tandem's HTTP API was not reached or refused a call. `code` is stable: `Unreachable`, `NoAnswer`, `Unauthorized`,
 * `BadAnswer`, or the name that the service gave (`BadRef`, `NoSettings`, …). `message` says what to do.
 */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly code: string;
  /** HTTP status, or undefined where no answer came. */
  readonly status: number | undefined;

  constructor(code: string, message: string, status?: number) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
