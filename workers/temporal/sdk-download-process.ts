import { TestWorkflowEnvironment } from '@temporalio/testing';
import { messageOf } from '../caught.ts';

// Run by sdk-download.ts with a folder and a version. The SDK offers its download only as a part of starting a server.
const [, , downloadDir = '', version = ''] = process.argv;
try {
  const executable = { type: 'cached-download', downloadDir, version } as const;
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
} catch (error) {
  process.stderr.write(messageOf(error));
  process.exitCode = 1;
}
