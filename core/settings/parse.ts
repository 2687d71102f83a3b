import { LineCounter, parseDocument } from 'yaml';
import { findContradictions } from './consistency.ts';
import { withLines } from './lines.ts';
import type { Problem } from './problem.ts';
import { resolve } from './resolve.ts';
import type { Settings } from './settings.ts';
import { checkShape } from './shape.ts';

export interface ParsedSettings {
  /** Present only where there is no problem. */
  readonly settings?: Settings;
  /** What can be read in spite of problems, so that `checkAgainst` can list the rest of them too; never run it. */
  readonly readable?: Settings;
  readonly problems: readonly Problem[];
}

/** Reads `tandem.yaml` and checks all that can be checked without asking a system. Lists every problem at once. */
export function parseSettings(yamlText: string): ParsedSettings {
  const lineCounter = new LineCounter();
  const doc = parseDocument(yamlText, { lineCounter, prettyErrors: false, logLevel: 'silent' });
  const syntax = doc.errors.map((error): Problem => {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { path: '', found: `column ${col}: ${error.message}`, expected: 'YAML that can be read', line };
  });
  // A key that stands twice leaves the rest readable; any other fault of form does not.
  if (doc.errors.some(({ code }) => code !== 'DUPLICATE_KEY')) return { problems: syntax };

  let raw: unknown;
  try {
    raw = doc.toJS();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    return { problems: [...syntax, { path: '', found, expected: 'YAML that can be read' }] };
  }
  const shape = checkShape(raw);
  if (!shape.readable) return { problems: inOrder(withLines(yamlText, [...syntax, ...shape.problems])) };
  const { settings, problems: unresolved } = resolve(shape.readable);
  const known = [...syntax, ...shape.problems, ...unresolved];
  const problems = inOrder(withLines(yamlText, [...known, ...findContradictions(settings, known)]));
  return problems.length === 0 ? { settings, readable: settings, problems } : { readable: settings, problems };
}

const inOrder = (problems: Problem[]): Problem[] => problems.toSorted((a, b) => (a.line ?? 0) - (b.line ?? 0));
