import { readFileSync } from 'node:fs';

/** The package's version. */
export function packageVersion(): string {
  // Beside this folder in a clone; in the package the compiled files lie one folder deeper.
  const file = import.meta.filename.endsWith('.ts') ? '../package.json' : '../../package.json';
  const { version } = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8')) as { version: string };
  return version;
}
