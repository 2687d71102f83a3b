import { StartError } from './start-error.ts';

const oldestNode = 24;

/** Throws a `StartError` where this Node is older than the sources need. */
export function requireNode(version: string = process.versions.node): void {
  if (Number.parseInt(version, 10) >= oldestNode) return;
  throw new StartError(
    `Tandem needs Node ${oldestNode} or newer and this is Node ${version}: run it by npm (npm ci brings the right Node), or install Node ${oldestNode}.`,
  );
}
