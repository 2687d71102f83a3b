import { findTemporalCli } from '../../../workers/temporal/find.ts';
import { goInstall } from '../../../workers/temporal/go-install.ts';

// Gets the Temporal CLI by building it, and says where it was found.
const cli = await findTemporalCli({ env: process.env, terminal: process.stderr, fetchers: [goInstall] });
process.stdout.write(`found: ${cli.source}\n`);
