import { DefaultLogger, type LogEntry, type LogLevel } from '@temporalio/worker';
import type { Logger } from 'pino';
import { messageOf } from '../caught.ts';

const levels = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Lets Temporal's SDK write into our log, from this level on: which activity of which workflow failed, and why. */
export const temporalLogger = (level: LogLevel, log: Logger): DefaultLogger =>
  new DefaultLogger(level, ({ level: at, message, meta }) => log[levels[at]](about(meta), message));

/** Ids, and the message that also stands in the history; the rest is the SDK's own or our workflows' input. */
function about({ workflowId, activityType, attempt, error }: NonNullable<LogEntry['meta']> = {}): object {
  return {
    ...(workflowId === undefined ? {} : { workflow: workflowId }),
    ...(activityType === undefined ? {} : { activity: activityType, attempt }),
    ...(error === undefined ? {} : { reason: messageOf(error) }),
  };
}
