import type { RunDetail, RunView } from '../client/answers.ts';
import type { RunFilter, TandemApi } from '../client/api.ts';
import { UsageError } from './command.ts';

/** How far back a name is looked for. */
const looked = 1_000;

/** The newest run with that name, workflow's id or own id. Throws a `UsageError` where there is none. */
export async function findRun(
  api: Pick<TandemApi, 'run' | 'runs'>,
  given: string,
  filter: Pick<RunFilter, 'kind'>,
): Promise<RunDetail> {
  const isMeant = ({ id, workflowId, name }: RunView): boolean => [id, workflowId, name].includes(given);
  const found = (await api.runs({ ...filter, limit: looked })).find(isMeant);
  if (found) return await api.run(found.id);
  throw new UsageError(`There is no ${filter.kind ?? 'run'} "${given}": \`tandem run list\` shows those that are.`);
}
