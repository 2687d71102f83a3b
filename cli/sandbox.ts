import { type Command, Option } from 'commander';
import type { SandboxesOptions } from '../workers/sandboxes.ts';
import { type Cli, withExample } from './command.ts';
import { count, durationOption, port } from './options.ts';
import { describePart, runUntilStopped } from './run-until-stopped.ts';

/** What `sandbox` and the commands that start one share. */
export const withSandboxOptions = (command: Command): Command =>
  command
    .option('--hubspot-port <port>', 'port of the HubSpot sandbox', port, 4010)
    .option('--salesforce-port <port>', 'port of the Salesforce sandbox', port, 4020)
    .option('--records <n>', 'contacts in HubSpot, and as many leads and contacts in Salesforce', count, 100)
    .option('--seed <n>', 'the same seed makes the same people', count, 1)
    .addOption(
      new Option('--profile <profile>', "whether the vendors' limits of calls hold")
        .choices(['strict', 'unlimited'])
        .default('strict'),
    )
    .option(
      '--evaluation-delay <duration>',
      'how long HubSpot takes to evaluate a segment after a change',
      durationOption,
      2_000,
    );

export interface SandboxOptions extends Omit<SandboxesOptions, 'evaluationDelayMs'> {
  readonly evaluationDelay: number;
}

export const sandboxesOf = ({ evaluationDelay, ...options }: SandboxOptions): SandboxesOptions => ({
  ...options,
  evaluationDelayMs: evaluationDelay,
});

/** What stands for the clicks of a Salesforce admin in a sandbox, and where its own page is. */
export function adminHint(salesforceUrl = ''): string {
  const field = { name: 'Tandem_HubSpot_Id__c', type: 'text', length: 32, externalId: true, unique: true };
  const calls = ['Contact', 'Lead'].map(
    (object) =>
      `curl -X POST ${salesforceUrl}/_sandbox/fields -H 'content-type: application/json' -d '${JSON.stringify({ object, ...field })}'`,
  );
  const page = 'Each sandbox has a page at /_sandbox: look at its records, edit them by hand, and watch calls go by.';
  return `${page}\n\nWhat \`tandem setup\` asks of a Salesforce admin, the sandbox does for:\n\n${calls.join('\n')}`;
}

/** `tandem sandbox` */
export function addSandbox(program: Command, cli: Cli): void {
  const sandbox = withSandboxOptions(program.command('sandbox'))
    .description('start local servers that answer like HubSpot and Salesforce')
    .option('--json', 'print JSON for machines');
  withExample(sandbox, 'tandem sandbox --hubspot-port 4010 --salesforce-port 4020 --evaluation-delay 5s');
  sandbox.action(async (options: SandboxOptions & { json?: true }) => {
    await runUntilStopped(
      cli,
      async () => (await import('../workers/sandboxes.ts')).startSandboxes(sandboxesOf(options)),
      (part) => {
        const addresses = describePart(options.json)(part);
        if (options.json) return addresses;
        const variables = Object.entries(part.env ?? {}).map(([name, value]) => `export ${name}=${value}`);
        return [
          addresses,
          `To lead Tandem here:\n\n${variables.join('\n')}`,
          adminHint(part.env?.['SALESFORCE_LOGIN_URL']),
          'Ctrl-C stops both.',
        ].join('\n\n');
      },
    );
  });
}
