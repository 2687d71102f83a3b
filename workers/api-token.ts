import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from './environment.ts';
import { Secret } from './secret.ts';

type Source = Pick<Environment, 'apiToken' | 'dataDir'>;

const fileOf = ({ dataDir }: Source): string => path.join(dataDir, 'api-token');

/** The token that clients send: `TANDEM_API_TOKEN`, else the one a service has put in the data folder, else undefined. */
export function findApiToken(source: Source): Secret | undefined {
  if (source.apiToken) return source.apiToken;
  try {
    const token = readFileSync(fileOf(source), 'utf8').trim();
    return token === '' ? undefined : new Secret(token);
  } catch {
    return undefined;
  }
}

/** The token that a service asks for. Without one in the environment it makes one, readable by this user alone. */
export function ensureApiToken(source: Source): Secret {
  const known = findApiToken(source);
  if (known) return known;
  mkdirSync(source.dataDir, { recursive: true });
  const token = randomBytes(32).toString('base64url');
  writeFileSync(fileOf(source), `${token}\n`, { mode: 0o600 });
  return new Secret(token);
}
