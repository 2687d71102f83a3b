import { types } from 'node:util';
import type { Connection } from '@temporalio/client';
import { messageOf } from '../caught.ts';
import { StartError } from '../start-error.ts';

/** Every search attribute that our workflows set; all of type Keyword. */
export const searchAttributeNames = [
  'SyncObject',
  'SyncOutcome',
  'SyncReason',
  'SegmentId',
  'HubSpotId',
  'SalesforceId',
] as const;

const keyword = 2; // INDEXED_VALUE_TYPE_KEYWORD in temporal/api/enums/v1/common.proto

export interface SearchAttributesServer {
  readonly operatorService: Pick<Connection['operatorService'], 'listSearchAttributes' | 'addSearchAttributes'>;
}

/**
 * Adds to the namespace what it lacks of our search attributes. Throws a `StartError` that names them, with the command,
 * where the server does not let us (Temporal Cloud), and where one exists with another type.
 */
export async function ensureSearchAttributes(
  { operatorService }: SearchAttributesServer,
  namespace: string,
  names: readonly string[] = searchAttributeNames,
): Promise<void> {
  let missing = names;
  try {
    const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
    const mistyped = names.filter((name) => (customAttributes?.[name] ?? keyword) !== keyword);
    if (mistyped.length > 0) {
      throw new StartError(
        `Namespace ${namespace} of Temporal holds search attributes of another type than Keyword (${mistyped.join(', ')}): remove them, or give Tandem a namespace of its own by TEMPORAL_NAMESPACE.`,
      );
    }
    missing = names.filter((name) => customAttributes?.[name] === undefined);
    if (missing.length === 0) return;
    const searchAttributes = Object.fromEntries(missing.map((name) => [name, keyword]));
    await operatorService.addSearchAttributes({ namespace, searchAttributes });
  } catch (error) {
    if (error instanceof StartError) throw error;
    const flags = missing.map((name) => `--name ${name} --type Keyword`).join(' ');
    throw new StartError(
      `Namespace ${namespace} of Temporal lacks the search attributes ${missing.join(', ')} and did not let Tandem add them (${reason(error)}): add them with "temporal operator search-attribute create --namespace ${namespace} ${flags}", or in Temporal Cloud on the namespace's page, and start again.`,
    );
  }
}

/** gRPC errors carry the server's own words in `details`. */
function reason(error: unknown): string {
  const details = types.isNativeError(error) && 'details' in error ? error.details : undefined;
  return typeof details === 'string' && details ? details : messageOf(error);
}
