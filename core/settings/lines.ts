import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { nameKeys, type Problem } from './problem.ts';

/** `objects.contacts.fields[email].rule` in its steps: keys, list positions, and names of list items. */
const steps = (path: string): string[] => [...path.matchAll(/[^.[\]]+/g)].map(([step]) => step);

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** Position of what a path names, or of the nearest thing around it; undefined where nothing of it stands in the file. */
function offset(doc: Document, path: string): number | undefined {
  let node: Node | null = doc.contents;
  let best: number | undefined;
  for (const step of steps(path)) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === step);
      if (!pair) return best;
      best = offsetOf(pair.key) ?? best;
      node = isNode(pair.value) ? pair.value : null;
    } else if (isSeq(node)) {
      const item: unknown = /^\d+$/.test(step)
        ? node.items[Number(step)]
        : node.items.find(
            (candidate) => isMap(candidate) && Object.values(nameKeys).some((key) => candidate.get(key) === step),
          );
      if (!isNode(item) || isPair(item)) return best;
      best = offsetOf(item) ?? best;
      node = item;
    } else return best;
  }
  return best;
}

/** Adds to each problem the line of `yamlText` that it is about. */
export function withLines(yamlText: string, problems: readonly Problem[]): Problem[] {
  const lineCounter = new LineCounter();
  const doc = parseDocument(yamlText, { lineCounter, logLevel: 'silent' });
  return problems.map((problem) => {
    const position = offset(doc, problem.path);
    return problem.line || position === undefined ? problem : { ...problem, line: lineCounter.linePos(position).line };
  });
}
