import { continueAsNewOf, currentRun } from './runs.ts';

/** What workflows import from the SDK, on simulated Temporal. */
export { ActivityFailure, ApplicationFailure } from '@temporalio/common';

interface Definition {
  readonly name: string;
}

const define = (name: string): Definition => ({ name });
export const defineSignal = define;
export const defineQuery = define;
export const defineUpdate = define;

export const setHandler = ({ name }: Definition, handler?: (...args: unknown[]) => unknown): void => {
  if (handler) currentRun().handle(name, handler);
};

export const condition = (holds: () => boolean, ms?: number): Promise<boolean | void> => currentRun().until(holds, ms);

export const sleep = async (ms: number): Promise<void> => {
  await currentRun().until(() => false, ms);
};

export const proxyActivities = (options: Parameters<ReturnType<typeof currentRun>['activity']>[2]): unknown => {
  const run = currentRun();
  return new Proxy({}, { get: (_, name) => (input: unknown) => run.activity(String(name), input, options) });
};

export const workflowInfo = () => currentRun().info();
export const continueAsNew = (...args: unknown[]): never => continueAsNewOf(args);
export const allHandlersFinished = (): boolean => true;
export const isCancellation = (): boolean => false;
export const CancellationScope = { nonCancellable: <T>(run: () => Promise<T>): Promise<T> => run() };
export const setCurrentDetails = (): void => {};
export const upsertSearchAttributes = (): void => {};
