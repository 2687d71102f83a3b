import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { isGone } from '../../activities/hand-over.ts';

// jest gives each test file its own modules, and each of these needs its own runtime, installed before any other call.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: {
    logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
  },
});

/** The workflows as bundled once for this run: for a worker's or a replay's `workflowBundle: { codePath }`. */
export const workflowBundlePath = path.resolve('.cache/workflow-bundle.js');

export interface TestEnvironment {
  readonly address: string;
  readonly namespace: string;
  readonly client: Client;
  /** For workers. */
  readonly nativeConnection: NativeConnection;
  /** Call it in `afterAll`, after the workers have ended. */
  close(): Promise<void>;
}

/** Connections to the Temporal server of this test run. Each test makes its own task queue and workflow ids. */
export async function testEnvironment(): Promise<TestEnvironment> {
  const address = process.env['TEMPORAL_ADDRESS'];
  if (!address)
    throw new Error('No Temporal server: this test belongs into a folder of the project "server" of jest.config.js');
  const namespace = process.env['TEMPORAL_NAMESPACE'] ?? 'default';
  const nativeConnection = await NativeConnection.connect({ address });
  const connection = await Connection.connect({ address });
  return {
    address,
    namespace,
    client: new Client({ connection, namespace }),
    nativeConnection,
    async close() {
      await connection.close();
      await nativeConnection.close();
    },
  };
}

/** Ends all workflows of an installation. One may end by itself between being listed and being ended. */
export async function terminateAll(client: Client, installation: string): Promise<void> {
  const query = `TaskQueue STARTS_WITH "${installation}/" AND ExecutionStatus = "Running"`;
  for await (const { workflowId } of client.workflow.list({ query })) {
    try {
      await client.workflow.getHandle(workflowId).terminate('the test has ended');
    } catch (error) {
      if (!isGone(error)) throw error;
    }
  }
}
