import { findTemporalCli } from '../../workers/temporal/find.ts';

/** The Temporal CLI for tests that start a server of their own; the run's setup has found or fetched it already. */
export async function temporalCli(): Promise<string> {
  return (await findTemporalCli({ env: process.env, terminal: process.stderr })).path;
}
