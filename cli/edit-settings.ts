import { type Document, isMap, isScalar, isSeq, parseDocument, stringify, type YAMLMap } from 'yaml';
import { isSegmentId } from '../core/settings/catalog.ts';
import { UsageError } from './command.ts';

/**
 * The settings text with that one inclusion segment for an object, or with none; comments and everything else stay as
 * they are.
 */
export function chooseSegment(text: string, object: string, segment: string | undefined): string {
  const doc = parseDocument(text, { logLevel: 'silent' });
  const [error] = doc.errors;
  if (error) throw new UsageError(`The settings file can't be edited: ${error.message}`);
  const section: unknown = doc.getIn(['objects', object]);
  if (!isMap(section)) {
    const objects: unknown = doc.get('objects');
    const known = isMap(objects) ? objects.items.map(({ key }) => String(key)).join(', ') : '';
    throw new UsageError(`The settings file has no object "${object}"; it has ${known || 'none'}.`);
  }
  const include = segment === undefined ? [] : [isSegmentId(segment) ? Number(segment) : segment];
  const edited = splice(text, section, stringify(include, { ...inFlow, lineWidth: 0 }).trim());
  set(doc, object, include);
  // The library moves comments about, so its own text is taken only where ours says something else than it should.
  return means(edited, doc) ? edited : doc.toString({ flowCollectionPadding: false, lineWidth: 0 });
}

const inFlow = { collectionStyle: 'flow', flowCollectionPadding: false } as const;

/** Changes the text itself, where the choice stands or will stand. */
function splice(text: string, section: YAMLMap, chosen: string): string {
  const segments: unknown = section.get('segments', true);
  if (!isMap(segments)) return insertPair(text, section, `segments: { include: ${chosen} }`);
  const include: unknown = segments.get('include', true);
  if (!isSeq(include) || !include.range) return insertPair(text, segments, `include: ${chosen}`);
  const [start, end] = include.range;
  return `${text.slice(0, start)}${chosen}${text.slice(end)}`;
}

/** Puts a pair before the first one of a section, in the section's own style. */
function insertPair(text: string, section: YAMLMap, pair: string): string {
  const key: unknown = section.items[0]?.key;
  const first = isScalar(key) ? key.range?.[0] : undefined;
  if (first === undefined) return text;
  const indent = text.slice(text.lastIndexOf('\n', first - 1) + 1, first);
  return `${text.slice(0, first)}${pair}${section.flow ? ', ' : `\n${indent}`}${text.slice(first)}`;
}

function set(doc: Document, object: string, include: readonly (string | number)[]): void {
  const path = ['objects', object, 'segments'];
  if (isMap(doc.getIn(path))) doc.setIn([...path, 'include'], doc.createNode(include, { flow: true }));
  else doc.setIn(path, doc.createNode({ include }, { flow: true }));
}

/** Whether a text holds the same as a document, whatever the order of keys. */
function means(text: string, doc: Document): boolean {
  const parsed = parseDocument(text, { logLevel: 'silent' });
  return parsed.errors.length === 0 && sorted(parsed.toJS()) === sorted(doc.toJS());
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
