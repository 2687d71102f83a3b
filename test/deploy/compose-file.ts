import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export interface ComposeService {
  readonly image: string;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: readonly string[];
  readonly ports?: readonly string[];
  readonly healthcheck?: { readonly test: readonly string[] };
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

/** Where the file is, for those who read it themselves. */
export const composePath = path.resolve('docker-compose.yml');

/** Our compose file as compose would see it with these variables. Throws where one that must be set is not. */
export function readCompose(variables: Readonly<Record<string, string>>): Compose {
  return interpolated(parse(readFileSync(composePath, 'utf8'), { merge: true }), variables) as Compose;
}

function interpolated(node: unknown, variables: Readonly<Record<string, string>>): unknown {
  if (typeof node === 'string') return interpolate(node, variables);
  if (Array.isArray(node)) return node.map((each) => interpolated(each, variables));
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, interpolated(value, variables)]));
}

/** `$$`, `${NAME}`, `${NAME:-default}` and `${NAME:?what to set}`: https://docs.docker.com/reference/compose-file/interpolation/ */
function interpolate(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}/g, (found, name?: string, kind?: string, rest = '') => {
    if (name === undefined) return '$';
    const value = variables[name];
    if (value) return value;
    if (kind === '?') throw new Error(`${name} is not set: ${rest}`);
    return kind === '-' ? rest : found;
  });
}
