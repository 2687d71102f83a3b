import { type Client, ScheduleNotFoundError } from '@temporalio/client';
import { TandemApi } from '../../client/api.ts';
import { Tandem } from '../../client/tandem.ts';
import { scheduleId } from '../../workflows/ids.ts';
import { findApiToken } from '../api-token.ts';
import { startDev } from '../dev.ts';
import { readEnvironment } from '../environment.ts';
import type { RunningPart } from '../parts.ts';
import { isPortFree } from '../ports.ts';
import type { Terminal } from '../progress.ts';
import { connectSystems } from '../systems.ts';
import { connectTemporal } from '../temporal/connect.ts';
import type { Narrator } from './narrator.ts';
import { makePlace, type Place } from './place.ts';
import { evaluationDelayMs, weekly } from './settings.ts';
import type { Stage } from './stage.ts';
import { type ToldStory, tellStory } from './story.ts';

export interface DemoOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly narrator: Narrator;
  readonly say: (line: string) => void;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** All that a demo runs, after its story. */
export interface Demo extends RunningPart {
  readonly env: Readonly<Record<string, string>>;
  readonly story: ToldStory;
  readonly place: Place;
}

/** People besides those of the story, so that the systems do not look empty. */
const records = 40;

/**
 * Starts a local stack apart from any other, tells the story on it, and leaves it running. A step that does not come
 * true ends the story; where it can't be told, the stack is stopped and the reason thrown.
 */
export async function startDemo({ env: outer, narrator, ...options }: DemoOptions): Promise<Demo> {
  const { signal } = options;
  const place = await makePlace(outer);
  const sandboxes = { hubspotPort: await ifFree(4010), salesforcePort: await ifFree(4020), records };
  const stack = await startDev({ ...options, env: place.env, variables: place.variables, sandboxes });
  const stops = [() => stack.stop()];
  const stop = async (): Promise<void> => {
    for (const step of stops.splice(0)) await step();
  };
  try {
    const env = { ...place.env, ...stack.env };
    const { client, close } = await connectTemporal(env);
    if (place.env['TEMPORAL_ADDRESS']) stops.push(() => endEverything(client, place.installation));
    stops.push(close);
    const told = tellStory({
      ...stageOf(env, client),
      temporalUiUrl: stack.addresses['Temporal UI'],
      narrator,
      signal,
    });
    told.catch(() => {}); // the stack may fail first
    const story = await Promise.race([told, ...(stack.failed ? [rejectWith(stack.failed)] : [])]);
    await story.cast.hubspot.setEvaluation({ delayMs: evaluationDelayMs });
    return { ...stack, env: stack.env ?? {}, story, place, stop };
  } catch (error) {
    await stop();
    throw signal.aborted ? signal.reason : error;
  }
}

/** Reaches everything by the environment, as a service of somebody's own would. */
function stageOf(env: NodeJS.ProcessEnv, temporal: Client): Omit<Stage, 'narrator'> {
  const environment = readEnvironment(env, 'connected');
  const { installation, url } = environment;
  const { hubspot, salesforce } = connectSystems(environment);
  const api = new TandemApi({ url, token: findApiToken(environment)?.reveal() ?? '' });
  return {
    urls: { hubspot: environment.hubspot.baseUrl, salesforce: environment.salesforce.loginUrl },
    systems: { hubspot: hubspot.reader, salesforce: salesforce.reader },
    tandem: new Tandem({ temporal, api, installation }),
    temporal,
    installation,
  };
}

/** Leaves nothing on a Temporal that outlives the demo. */
async function endEverything(temporal: Client, installation: string): Promise<void> {
  try {
    await temporal.schedule.getHandle(scheduleId(installation, weekly)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error; // the story may have ended before its settings
  }
  const query = `TaskQueue STARTS_WITH "${installation}/" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of temporal.workflow.list({ query })) {
    await temporal.workflow.getHandle(workflowId).terminate('The demo has ended.');
  }
}

const ifFree = async (port: number): Promise<number | undefined> => ((await isPortFree(port)) ? port : undefined);

async function rejectWith(failed: Promise<Error>): Promise<never> {
  throw await failed;
}
