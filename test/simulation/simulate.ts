import { Command, InvalidArgumentError } from 'commander';
import { simulate } from './history.ts';
import { SimulatedLedger } from './ledger.ts';
import { contended, type Plan, planOf, raced } from './plan.ts';

const whole = (text: string): number => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be a whole number, 0 or more.');
};

const program = new Command('simulate')
  .description('run histories of edits, faults and crashes through the whole engine, and judge where each edit ended')
  .option('--histories <n>', 'how many', whole, 20)
  .option('--seed <n>', 'the first one; each has the next number', whole, 1)
  .option('--contended', 'few records, many edits of each, and calls that take minutes')
  .option('--race', 'one or two records and edits of the filter, and nothing that goes wrong')
  .option('--twice', 'run each history a second time and compare what happened')
  .option('--until-fault', 'stop after the first history with a fault')
  .option('--trace', 'print everything that happened in each history')
  .parse();
const {
  histories,
  seed,
  trace,
  twice,
  untilFault,
  contended: isContended,
  race,
} = program.opts<{
  histories: number;
  seed: number;
  trace?: true;
  twice?: true;
  untilFault?: true;
  contended?: true;
  race?: true;
}>();

/** What a run of so many histories must have met, or it proves nothing. */
const enough = 10;
const mustMeet = [
  'crossings',
  'waiting: segmentNotReevaluated',
  ...(race
    ? ['filter edits', 'waiting: segmentProcessing']
    : ['kills', 'vendorFaults', 'ledgerFaults', 'busyLeases', 'conflicts: twoWay', 'timedOut']),
];
const mode = isContended ? ' --contended' : race ? ' --race' : '';
const planFor = (drawn: Plan): Plan => (isContended ? contended(drawn) : race ? raced(drawn) : drawn);

const started = performance.now();
const database = await SimulatedLedger.open();
const sums: Record<string, number> = {};
const killedAt = new Set<string>();
let failed = 0;
let run = 0;
const mostFaults = untilFault ? 1 : Number.POSITIVE_INFINITY;
while (run < histories && failed < mostFaults) {
  const plan = planFor(planOf(seed + run));
  run += 1;
  const history = await simulate(plan, database);
  const faults = [...history.faults];
  if (twice) {
    const again = await simulate(plan, database);
    const at = again.trace.findIndex((line, n) => line !== history.trace[n]);
    if (at >= 0) faults.push(`the second run differs: ${history.trace[at]} / ${again.trace[at]}`);
  }
  for (const [name, n] of Object.entries(history.counts)) sums[name] = (sums[name] ?? 0) + n;
  for (const name of history.killedAt) killedAt.add(name);
  if (trace) console.log(history.trace.join('\n'));
  if (faults.length === 0) continue;
  failed += 1;
  console.log(`\nSeed ${plan.seed}: ${JSON.stringify(plan)}`);
  for (const fault of faults) console.log(`  ${fault}`);
  console.log(`  again: npm run simulate -- --histories 1 --seed ${plan.seed}${mode} --trace`);
}
const seconds = (performance.now() - started) / 1000;
const unmet = run < enough ? [] : mustMeet.filter((name) => !sums[name]);
console.log(`\n${run} histories, ${failed} with faults; ${(run / seconds).toFixed(2)} a second`);
console.table(Object.fromEntries(Object.entries(sums).toSorted(([a], [b]) => a.localeCompare(b))));
console.log(`Killed before or after: ${[...killedAt].toSorted().join(', ')}`);
if (unmet.length > 0) console.log(`Never met: ${unmet.join(', ')}`);
process.exit(failed + unmet.length > 0 ? 1 : 0);
