import { TestWorkflowEnvironment } from '@temporalio/testing';

// Run by sdk-download.ts with a folder and a version. The SDK offers its download only as a part of starting a server.
const [, , downloadDir = '', version = ''] = process.argv;
try {
  const executable = { type: 'cached-download', downloadDir, version } as const;
  const environment = await TestWorkflowEnvironment.createLocal({ server: { executable } });
  await environment.teardown();
} catch (error) {
  process.stderr.write(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
