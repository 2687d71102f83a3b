import type { Command } from 'commander';
import { type Cli, withExample } from './command.ts';
import { describePart, runUntilStopped } from './run-until-stopped.ts';

/** `tandem serve` */
export function addServe(program: Command, cli: Cli): void {
  const serve = program
    .command('serve')
    .description('run worker and HTTP service in one process, against the systems and the Temporal of the environment')
    .option('--json', 'print JSON for machines');
  withExample(
    serve,
    'tandem serve',
    'TEMPORAL_ADDRESS=localhost:7233 HUBSPOT_ACCESS_TOKEN_FILE=/run/secrets/hubspot tandem serve',
  );
  serve.action(async (options: { json?: true }) => {
    const start = async () => (await import('../workers/serve.ts')).startServe({ env: cli.io.env });
    await runUntilStopped(cli, start, describePart(options.json));
  });
}
