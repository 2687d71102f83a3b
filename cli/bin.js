#!/usr/bin/env node
// Plain JavaScript that older versions of Node can read too: they are told what to do before anything else is loaded.
import { existsSync } from 'node:fs';

const version = process.versions.node;
if (Number.parseInt(version, 10) < 24) {
  console.error(
    `Tandem needs Node 24 or newer and this is Node ${version}: run it by npm (npm ci brings the right Node), or install Node 24.`,
  );
  process.exitCode = 1;
} else {
  // The sources in a clone, the compiled files in the package.
  const source = new URL('./tandem.ts', import.meta.url);
  await import(existsSync(source) ? source.href : new URL('../dist/cli/tandem.js', import.meta.url).href);
}
