import type { Hono } from 'hono';
import { z } from 'zod';
import type { CallLog } from './call-log.ts';
import { ControlRefused, controlQuery } from './control.ts';
import { pageHtml } from './page-html.ts';

/** A value as people read it, and whether they may change it. */
export interface ShownField {
  readonly name: string;
  readonly value: string;
  readonly writable: boolean;
}

export interface ShownRecord {
  readonly id: string;
  readonly values: readonly string[];
}

export interface ShownSegment {
  readonly listId: string;
  readonly name: string;
  readonly objectTypeId: string;
  readonly processingType: string;
  readonly processingStatus: string;
  readonly filterBranch: unknown;
  readonly members: readonly string[];
}

/** What the page of a sandbox shows; edits go through the controls of people. */
export interface PageSource {
  readonly vendor: 'HubSpot' | 'Salesforce';
  /** What the controls of people call the values of a record. */
  readonly values: 'properties' | 'fields';
  types(): readonly string[];
  /** The columns that tell records of a type apart, and all live records. Throws for an unknown type. */
  list(type: string): { readonly columns: readonly string[]; readonly rows: Iterable<ShownRecord> };
  /** All fields, or undefined where there is no such record. */
  record(type: string, id: string): readonly ShownField[] | undefined;
  segments?(): readonly ShownSegment[];
}

const mostRows = 100;

const searchQuery = z.strictObject({ type: z.string(), text: z.string().default('') });
const callsQuery = z.strictObject({ after: z.coerce.number().int().min(0).default(0) });

/** The page at `/_sandbox`, and what it asks for. */
export function addPage(controls: Hono, source: PageSource, log: CallLog): void {
  controls.get('/', (c) => c.html(pageHtml(source)));
  controls.get('/page/search', (c) => {
    const { type, text } = controlQuery(c, searchQuery);
    if (!source.types().includes(type)) throw new ControlRefused(404, `There is no type ${type}.`);
    const { columns, rows } = source.list(type);
    const wanted = text.toLowerCase();
    const found: ShownRecord[] = [];
    let count = 0;
    for (const row of rows) {
      if (![row.id, ...row.values].some((value) => value.toLowerCase().includes(wanted))) continue;
      count += 1;
      if (found.length < mostRows) found.push(row);
    }
    return c.json({ columns, rows: found, count });
  });
  controls.get('/page/record/:type/:id', (c) => {
    const { type, id } = c.req.param();
    const fields = source.types().includes(type) ? source.record(type, id) : undefined;
    if (!fields) throw new ControlRefused(404, `There is no ${type} ${id}.`);
    const shown = fields.toSorted(
      (a, b) => Number(b.value !== '') - Number(a.value !== '') || a.name.localeCompare(b.name),
    );
    return c.json({ fields: shown });
  });
  controls.get('/page/segments', (c) => c.json({ segments: source.segments?.() ?? [] }));
  controls.get('/page/calls', (c) => c.json({ calls: log.after(controlQuery(c, callsQuery).after) }));
}
