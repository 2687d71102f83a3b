import { ApplicationFailure } from '@temporalio/activity';
import { VendorError } from '../crm/types.ts';

/**
 * The one place where a vendor's error becomes Temporal's: it may always be tried again, no earlier than the vendor
 * asks. What must not be tried again is a record's outcome and never gets here. The message names category, code and
 * route, and nothing of a record.
 */
export function withFailures<T extends object>(activities: T): T {
  const entries = Object.entries(activities) as [string, (...args: unknown[]) => Promise<unknown>][];
  return Object.fromEntries(
    entries.map(([name, activity]) => [
      name,
      async (...args: unknown[]) => {
        try {
          return await activity(...args);
        } catch (error) {
          throw toFailure(error);
        }
      },
    ]),
  ) as T;
}

function toFailure(error: unknown): unknown {
  if (!(error instanceof VendorError)) return error;
  return ApplicationFailure.create({
    type: error.category,
    message: error.message,
    ...(error.retryAfterMs === undefined ? {} : { nextRetryDelay: error.retryAfterMs }),
  });
}
