import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type History, historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

const folder = path.resolve('test/replay/histories');

/** A recorded history as it is stored: Temporal's own JSON, with the name that it has for people. */
export interface RecordedHistory {
  readonly name: string;
  readonly workflowId: string;
  readonly workflowType: string;
  readonly history: History;
  readonly json: string;
}

export async function recordedHistories(): Promise<RecordedHistory[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  return await Promise.all(
    files.map(async (file) => {
      const json = await readFile(path.join(folder, file), 'utf8');
      const history = historyFromJSON(JSON.parse(json));
      const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
      const workflowType = started?.workflowType?.name ?? '';
      return {
        name: path.basename(file, '.json'),
        json,
        workflowId: started?.workflowId ?? file,
        workflowType,
        history,
      };
    }),
  );
}

/** Stores a history, without the names of the machine, the process and the folders that recorded it. */
export async function storeHistory(name: string, history: History): Promise<void> {
  const isOfProcess = (value: string): boolean => /^\d+@/.test(value); // as workers name themselves and their queues
  const document: unknown = JSON.parse(historyToJSON(history), (key, value: unknown) => {
    if (key === 'stackTrace') return '';
    return typeof value === 'string' && isOfProcess(value) ? 'recorder' : value;
  });
  await writeFile(path.join(folder, `${name}.json`), `${JSON.stringify(document, null, 1)}\n`);
}
