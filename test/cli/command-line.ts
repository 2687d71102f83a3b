import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach } from '@jest/globals';
import type { Io } from '../../cli/io.ts';
import { run } from '../../cli/program.ts';
import type { Services } from '../../cli/services.ts';
import type { Tandem } from '../../client/tandem.ts';

const unreachable = (): never => {
  throw new Error('This test has nothing to reach.');
};

/** A command line in a folder of its own. */
export function withCommandLine(columns?: number) {
  let cwd = '';
  beforeEach(() => {
    cwd = mkdtempSync(path.join(tmpdir(), 'tandem-cli-'));
  });
  afterEach(() => rmSync(cwd, { recursive: true }));
  return {
    write: (name: string, text: string) => writeFileSync(path.join(cwd, name), text),
    read: (name: string) => readFileSync(path.join(cwd, name), 'utf8'),
    /** Runs a command line; `services` are what it may reach. */
    async run(argv: readonly string[], services: Partial<Services> = {}, person: Partial<Pick<Io, 'confirm'>> = {}) {
      const out: string[] = [];
      const err: string[] = [];
      const io = {
        env: {},
        cwd,
        columns,
        terminal: undefined,
        confirm: undefined,
        ...person,
        out: (text: string) => out.push(text),
        err: (text: string) => err.push(text),
      };
      const reach = { api: unreachable, withTandem: unreachable, systems: unreachable, ...services };
      const status = await run(argv, io, reach);
      return { status, out: out.join('\n'), err: err.join('\n') };
    },
  };
}

/** A client library of which a test uses these functions alone. */
export const tandemThat = (tandem: Partial<Tandem>): Pick<Services, 'withTandem'> => ({
  withTandem: (work) => work(tandem as Tandem),
});
