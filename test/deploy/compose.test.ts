import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DCLinter } from 'dclint';
import { searchAttributeNames } from '../../workers/temporal/search-attributes.ts';
import { composePath, readCompose } from './compose-file.ts';

const needed = { SALESFORCE_LOGIN_URL: 'https://acme.my.salesforce.com', SALESFORCE_CLIENT_ID: 'id' };
const compose = readCompose(needed);
const services = Object.entries(compose.services);
const text = (file: string): string => readFileSync(path.resolve(file), 'utf8');

describe('docker-compose.yml', () => {
  test('is valid, and keeps to the rules of its linter', () => {
    const style = [
      'no-build-and-image', // both of ours share the image that one of them builds
      'service-image-require-explicit-tag', // the tags are variables; looked at below
      'service-keys-order',
      'top-level-properties-order',
      'services-alphabetical-order',
      'service-dependencies-alphabetical-order',
    ];
    const linter = new DCLinter({
      rules: Object.fromEntries(style.map((rule) => [rule, 0 as const])),
      quiet: true,
      debug: false,
      exclude: [],
    });
    // Its types name no file that TypeScript finds.
    const results = linter.lintFiles([composePath], false) as { messages: { message: string }[] }[];
    expect(results.map(({ messages }) => messages.map(({ message }) => message))).toEqual([[]]);
  });

  test.each(services)('%s is of one version, and none of the images that Temporal has given up', (_name, { image }) => {
    expect(image).toMatch(/^[\w./-]+:\d+\.\d+(\.\d+)?$/);
    expect(image).not.toMatch(/auto-setup|temporalio\/(base|web|docker)/);
  });

  test.each(services)('%s is published to this machine alone', (_name, { ports = [] }) => {
    expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  });

  test.each(services)('%s waits only for what can be known', (_name, { depends_on = {} }) => {
    for (const [name, { condition }] of Object.entries(depends_on)) {
      const other = compose.services[name];
      expect([name, condition]).toEqual([
        name,
        other?.healthcheck ? 'service_healthy' : 'service_completed_successfully',
      ]);
    }
  });

  test.each(services)('%s reads the secrets that it is given, and they are files', (_name, service) => {
    const shown = JSON.stringify([service.environment, service.command]);
    const read = [...shown.matchAll(/\/run\/secrets\/(\w+)/g)].map(([, name]) => name);
    expect(new Set(read)).toEqual(new Set(service.secrets));
    for (const secret of service.secrets ?? []) expect(compose.secrets[secret]?.file).toBe(`./secrets/${secret}`);
  });

  test('names the variables that must be set', () => {
    expect(() => readCompose({})).toThrow('SALESFORCE_LOGIN_URL is not set');
  });

  test('makes the search attributes that Tandem uses', () => {
    const [script = ''] = compose.services['temporal-namespace']?.command ?? [];
    expect(/for name in (.*); do/.exec(script)?.[1]?.split(' ')).toEqual(searchAttributeNames);
  });
});

describe('.env.example', () => {
  test('has each variable of the compose file, and no other', () => {
    const used = [...text('docker-compose.yml').matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name]) => name);
    const shown = [...text('.env.example').matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name);
    expect(new Set([...shown, 'HUBSPOT_BASE_URL'])).toEqual(new Set(used)); // that one is for tests
  });
});

describe('docs/operations.md', () => {
  test('explains each variable that Tandem reads, and each secret of the compose file', () => {
    const docs = text('docs/operations.md');
    const read = text('workers/environment.ts').matchAll(/'((?:TANDEM|DATABASE|HUBSPOT|SALESFORCE)_[A-Z_]+)'/g);
    for (const [, name] of [...read, ['', 'TANDEM_DATA_DIR']]) expect(docs).toContain(`\`${name}\``);
    for (const name of Object.keys(compose.secrets)) expect(docs).toContain(`secrets/${name}`);
  });
});

describe('Dockerfile', () => {
  const lines = text('Dockerfile').replaceAll('\\\n', ' ').split('\n');

  test('copies what exists and is not kept out', () => {
    const allowed = text('.dockerignore').matchAll(/^!(.+)$/gm);
    const context = [...allowed].map(([, name]) => name);
    const copied = lines.flatMap((line) => /^COPY (?!--)(.+) \S+$/.exec(line)?.[1]?.split(' ') ?? []);
    expect(copied).toContain('cli/bin.js');
    for (const file of copied.filter((name) => name !== '.')) {
      expect([file, existsSync(path.resolve(file))]).toEqual([file, true]);
      expect(context).toContain(file.split('/')[0]);
    }
    for (const name of context) expect([name, existsSync(path.resolve(name ?? ''))]).toEqual([name, true]);
  });

  test('holds all that the build reads', () => {
    const { include } = JSON.parse(text('tsconfig.build.json')) as { include: string[] };
    const context = text('.dockerignore');
    for (const folder of [...include, 'scripts']) expect(context).toContain(`\n!${folder}\n`);
  });

  test('runs the Node that the project is tested with, and not as root', () => {
    const { devDependencies } = JSON.parse(text('package.json')) as { devDependencies: Record<string, string> };
    expect(lines).toContain(`FROM node:${devDependencies['node']}-bookworm-slim AS base`);
    expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  });

  test('asks for its health as the compose file does', () => {
    const command = lines.find((line) => line.startsWith('HEALTHCHECK '))?.replace(/^.* CMD /, '');
    const asked = compose.services['service']?.healthcheck?.test.slice(1);
    expect(JSON.parse(command ?? '')).toEqual(asked);
  });
});
