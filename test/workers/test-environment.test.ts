import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TestEnvironment, testEnvironment } from '../support/temporal.ts';

let environment: TestEnvironment;
beforeAll(async () => {
  environment = await testEnvironment();
});
afterAll(() => environment.close());

test('leads to the Temporal server of this run', async () => {
  const answer = await environment.client.workflowService.describeNamespace({ namespace: environment.namespace });
  expect(answer.namespaceInfo?.name).toBe(environment.namespace);
});
