import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect } from '@jest/globals';
import { TandemApi } from '../../client/api.ts';
import { Tandem } from '../../client/tandem.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import { type Ledger, openLedger } from '../../ledger/index.ts';
import type { LogLevel } from '../../workers/environment.ts';
import { defaultTiming, type Timing } from '../../workflows/messages.ts';
import { type OpenVendors, openVendors, Vendors } from '../e2e/vendors.ts';
import { contactSettings, until } from '../e2e/world.ts';
import { runScript, type ScriptProcess } from '../support/child.ts';
import { temporaryFolder } from '../support/folders.ts';
import { type TestEnvironment, terminateAll, testEnvironment, workflowBundlePath } from '../support/temporal.ts';
import type { WorkerProcessOptions } from './worker-process.ts';

/** The token of every installation's API. */
export const apiToken = 'secret-of-the-api';

/** Short, so that what a killed process left is tried again soon; a request must fit in several times. */
const timing: Timing = { ...defaultTiming, gatherMs: 50, syncMs: 6_000, lookMs: 200 };
const requestTimeoutMs = 2_000;

/**
 * One installation whose Tandem is a process of its own, with its ledger in a folder: it can be killed at any moment and
 * started again. The two systems live in the test's process, so they see everything and forget nothing.
 */
export class Installation extends Vendors {
  readonly name = `t${randomBytes(6).toString('hex')}`;
  readonly temporal: TestEnvironment;
  readonly #dataDir: string;
  readonly #logLevel: LogLevel;
  #serve: { readonly process: ScriptProcess; readonly tandem: Tandem } | undefined;

  private constructor(vendors: OpenVendors, temporal: TestEnvironment, dataDir: string, logLevel: LogLevel) {
    super(vendors);
    this.temporal = temporal;
    this.#dataDir = dataDir;
    this.#logLevel = logLevel;
  }

  static async create(logLevel: LogLevel): Promise<Installation> {
    const parts = await Promise.all([openVendors(), testEnvironment(), temporaryFolder()]);
    const installation = new Installation(...parts, logLevel);
    await installation.addKeys();
    await installation.start();
    return installation;
  }

  /** The client library, led to the process that runs. */
  get tandem(): Tandem {
    if (!this.#serve) throw new Error('Tandem does not run: start it first.');
    return this.#serve.tandem;
  }

  /** Starts Tandem and waits until it answers. */
  async start(): Promise<void> {
    const options: WorkerProcessOptions = {
      timing,
      requestTimeoutMs,
      workflowBundle: { codePath: workflowBundlePath },
    };
    const child = runScript('faults/worker-process.ts', [JSON.stringify(options)], {
      TANDEM_INSTALLATION: this.name,
      TANDEM_DATA_DIR: this.#dataDir,
      TANDEM_URL: 'http://127.0.0.1:0',
      TANDEM_API_TOKEN: apiToken,
      TANDEM_LOG_LEVEL: this.#logLevel,
      TEMPORAL_ADDRESS: this.temporal.address,
      TEMPORAL_NAMESPACE: this.temporal.namespace,
      HUBSPOT_BASE_URL: this.urls.hubspot,
      HUBSPOT_ACCESS_TOKEN: this.hubspot.accessToken,
      SALESFORCE_LOGIN_URL: this.urls.salesforce,
      SALESFORCE_CLIENT_ID: 'sandbox',
      SALESFORCE_CLIENT_SECRET: 'sandbox',
    });
    const url = await Promise.race([addressOf(child), failedToStart(child)]);
    const api = new TandemApi({ url, token: apiToken });
    const tandem = new Tandem({ temporal: this.temporal.client, api, installation: this.name, timing });
    this.#serve = { process: child, tandem };
  }

  /** Ends Tandem as a crash of the machine would: nothing can be said or noted any more. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** Asks Tandem to stop, waits for it, and answers its exit status. */
  async terminate(): Promise<number | string | undefined> {
    return await this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | string | undefined> {
    const running = this.#serve?.process;
    this.#serve = undefined;
    running?.child.kill(signal);
    return await running?.ended;
  }

  /** Everything that Tandem has said of itself, the process that runs only. */
  get log(): string {
    return this.#serve?.process.output.text ?? '';
  }

  /** Looks into the ledger while no process has it. */
  async inLedger<T>(look: (ledger: Ledger) => Promise<T>): Promise<T> {
    const ledger = await openLedger({ dataDir: this.#dataDir });
    try {
      return await look(ledger);
    } finally {
      await ledger.close();
    }
  }

  /** What Tandem says of a record, once it says this. */
  async seen(ref: RecordRef, outcome: { readonly kind: string; readonly reason?: string }): Promise<void> {
    await until(async () => {
      const { decision } = await this.tandem.getRecord(ref);
      return decision && JSON.stringify(decision.outcome) === JSON.stringify(outcome);
    });
  }

  async close(): Promise<void> {
    await this.kill();
    await terminateAll(this.temporal.client, this.name);
    await this.temporal.close();
    await this.closeVendors();
  }
}

const addressLine = /answers on (\S+)\n/;

async function addressOf({ output }: ScriptProcess): Promise<string> {
  return await until(async () => addressLine.exec(output.text)?.[1]);
}

async function failedToStart({ ended, output }: ScriptProcess): Promise<never> {
  throw new Error(`Tandem ended with ${await ended} before it answered:\n${output.text}`);
}

/** Makes an installation before the first test of a `describe`, or of the file, and ends it after the last one. */
export function useInstallation(
  prepare: (made: Installation) => Promise<void>,
  logLevel: LogLevel = 'info',
): () => Installation {
  let installation: Installation | undefined;
  beforeAll(async () => {
    installation = await Installation.create(logLevel);
    await prepare(installation);
  }, 300_000);
  afterAll(async () => await installation?.close(), 300_000);
  return () => {
    if (!installation) throw new Error('The installation is made before the first test.');
    return installation;
  };
}

/** For `useInstallation`: only customers sync. */
export async function customersOnly(made: Installation): Promise<void> {
  const segment = made.createSegment();
  const applied = await made.tandem.applySettings(contactSettings([`segments: { include: [${segment}] }`]));
  expect(applied).toMatchObject({ applied: true });
}
