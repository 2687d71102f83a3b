import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

// Makes dist/: the compiled sources with their types, and the workflows as one bundle, so that no worker has to bundle.
const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = path.join(root, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: 'inherit' });
const { code } = await bundleWorkflowCode({
  workflowsPath: path.join(dist, 'workflows/index.js'),
  logger: new DefaultLogger('WARN'),
  // Names in stack traces as they are inside the package, and not those of the machine that built it.
  webpackConfigHook: (config) => ({
    ...config,
    output: { ...config.output, devtoolModuleFilenameTemplate: '[resource-path]' },
  }),
});
writeFileSync(path.join(dist, 'workflow-bundle.js'), code);
