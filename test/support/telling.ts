import type { Client } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** Everything that Temporal holds and shows of the workflows on these task queues, as text, with payloads decoded. */
export async function whatTemporalTells(client: Client, installation: string): Promise<{ id: string; text: string }[]> {
  const told: { id: string; text: string }[] = [];
  for await (const { workflowId, runId } of client.workflow.list({
    query: `TaskQueue STARTS_WITH "${installation}/"`,
  })) {
    const handle = client.workflow.getHandle(workflowId, runId);
    const history = JSON.parse(historyToJSON(await handle.fetchHistory())) as unknown;
    const { raw, memo, searchAttributes } = await handle.describe();
    const shown: unknown = await handle.query('__temporal_workflow_metadata');
    const parts = [history, raw, memo, searchAttributes, shown, await stack(handle)];
    told.push({ id: `${workflowId} ${runId}`, text: parts.flatMap((part) => [...texts(part)]).join('\n') });
  }
  return told;
}

/** What the UI shows of a running workflow's stack; a closed one has none. */
async function stack(handle: { query(name: string): Promise<unknown> }): Promise<unknown> {
  return await handle.query('__stack_trace').catch(() => undefined);
}

/** All texts in a document, keys too; those that are base64, or bytes, as they are and decoded. */
function* texts(part: unknown): Generator<string> {
  if (part instanceof Uint8Array) yield Buffer.from(part).toString('utf8');
  else if (typeof part === 'string') {
    yield part;
    if (/^[A-Za-z0-9+/]{4,}={0,2}$/.test(part)) yield Buffer.from(part, 'base64').toString('utf8');
  } else if (typeof part === 'object' && part !== null) {
    for (const [key, value] of Object.entries(part)) {
      yield key;
      yield* texts(value);
    }
  } else yield String(part);
}
