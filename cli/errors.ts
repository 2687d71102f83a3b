import { ApiError } from '../client/api-error.ts';
import { AlreadyRunning, BadName, NoSuchSchedule } from '../client/errors.ts';
import { failures } from '../core/failures.ts';
import { BadRef } from '../core/record-ref.ts';
import { VendorError } from '../crm/types.ts';
import { messageOf } from '../workers/caught.ts';
import { EnvironmentError } from '../workers/environment.ts';
import { StartError } from '../workers/start-error.ts';
import { UsageError } from './command.ts';

/** Whether what was thrown says that the command, its settings or its environment are wrong (status 2). */
export const isUsage = (error: unknown): boolean =>
  error instanceof UsageError ||
  error instanceof BadRef ||
  error instanceof BadName ||
  error instanceof NoSuchSchedule ||
  error instanceof EnvironmentError ||
  (error instanceof ApiError && error.status === 400);

/** The stable name of an error, for machines. */
export function nameOf(error: unknown): string {
  if (error instanceof ApiError) return error.code;
  return error instanceof Error ? error.name : 'Error';
}

/** A sentence for what is known; the whole trace for what is not, since somebody has to find it. */
export function sentenceOf(error: unknown): string {
  if (error instanceof VendorError) return `${error.message}. ${failures[error.category].says}`;
  if (isUsage(error) || [StartError, ApiError, AlreadyRunning].some((known) => error instanceof known))
    return messageOf(error);
  // By name, since loading the SDK for its classes would make every command slower.
  switch (nameOf(error)) {
    case 'WorkflowExecutionAlreadyStartedError':
      return 'The same is under way already: try again when it has ended.';
    case 'WorkflowNotFoundError':
      return 'No workflow with this id runs: `tandem run list` and the Temporal UI show those that do.';
    case 'WorkflowFailedError':
    case 'WorkflowUpdateFailedError':
      return `The workflow failed (${messageOf(rootOf(error))}): its page in the Temporal UI says more.`;
    default:
      return `Something unexpected went wrong; please report it.\n${error instanceof Error ? error.stack : messageOf(error)}`;
  }
}

const rootOf = (error: unknown): unknown => (error instanceof Error && error.cause ? rootOf(error.cause) : error);
