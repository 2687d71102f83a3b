import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { breaks } from './breaks.ts';

/** Puts the simulated Temporal in the place of the SDK's own, so that workflows and activities run here as they are. */
const replaced = new Map(
  ['workflow', 'activity'].map((name) => [
    `@temporalio/${name}`,
    new URL(`./temporal/${name}.ts`, import.meta.url).href,
  ]),
);

/** Breaks of the engine that were asked for, not yet found in the file that was loaded. */
const wanted = (breaks[process.env['SIMULATION_BREAK'] ?? ''] ?? []).map((one) => ({
  ...one,
  url: new URL(`../../${one.file}`, import.meta.url).href,
}));

registerHooks({
  resolve(specifier, context, next) {
    const url = replaced.get(specifier);
    return url ? { url, shortCircuit: true } : next(specifier, context);
  },
  load(url, context, next) {
    const loaded = next(url, context);
    const here = wanted.filter((one) => one.url === url);
    if (here.length === 0) return loaded;
    let source = readFileSync(new URL(url), 'utf8');
    for (const { file, from, to } of here) {
      if (!source.includes(from)) throw new Error(`${file} no longer holds ${JSON.stringify(from)}: mend the break.`);
      source = source.replace(from, () => to);
    }
    return { ...loaded, source };
  },
});
