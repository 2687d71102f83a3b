import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import { type OpenStage, openStage, type Stage } from './stage.ts';

/** Sets the stage of a test file, to be used inside its tests. Each test must leave nothing running. */
export function setStage(): Stage {
  let opened: OpenStage | undefined;
  const stage = (): OpenStage => {
    if (!opened) throw new Error('The stage is set when the tests run.');
    return opened;
  };
  beforeAll(async () => {
    opened = await openStage();
  });
  afterEach(async () => expect(await stage().left()).toEqual([]));
  afterAll(() => stage().close());
  return {
    get client() {
      return stage().client;
    },
    get installation() {
      return stage().installation;
    },
    calls: (workflowId) => stage().calls(workflowId),
    watch: (workflowId) => stage().watch(workflowId),
  };
}
