import type { Command } from 'commander';
import type { ServeOptions } from '../workers/serve.ts';
import { type Cli, withExample } from './command.ts';
import { describePart, runUntilStopped } from './run-until-stopped.ts';

/** `tandem serve`, and its two parts as processes of their own: `tandem worker` and `tandem service` */
export function addServe(program: Command, cli: Cli): void {
  const serve = program
    .command('serve')
    .description('run worker and HTTP service in one process, against the systems and the Temporal of the environment');
  withExample(
    serve,
    'tandem serve',
    'TEMPORAL_ADDRESS=localhost:7233 HUBSPOT_ACCESS_TOKEN_FILE=/run/secrets/hubspot tandem serve',
  );
  running(cli, serve);

  const worker = program
    .command('worker')
    .description('run a worker alone, one of any number on the PostgreSQL of DATABASE_URL');
  withExample(worker, 'tandem worker', 'TANDEM_LISTEN=127.0.0.1:4002 tandem worker');
  running(cli, worker, 'worker');

  const service = program
    .command('service')
    .description('run the HTTP service alone, one of any number on the PostgreSQL of DATABASE_URL');
  withExample(service, 'tandem service', 'TANDEM_LISTEN=0.0.0.0:4000 tandem service');
  running(cli, service, 'service');
}

function running(cli: Cli, command: Command, role?: ServeOptions['role']): void {
  command.option('--json', 'print JSON for machines').action(async (options: { json?: true }) => {
    const start = async () =>
      (await import('../workers/serve.ts')).startServe({ env: cli.io.env, ...(role && { role }) });
    await runUntilStopped(cli, start, describePart(options.json));
  });
}
