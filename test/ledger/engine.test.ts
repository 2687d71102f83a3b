import { describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { relation } from '../../ledger/batch.ts';
import { withLedger } from './with-ledger.ts';

const ledger = withLedger();

describe('both engines', () => {
  test('read each type alike: ISO times, plain numbers, documents, lists', async () => {
    const { rows } = await sql`
      select timestamptz '2026-07-08 09:10:11.123456+02' as time, null::timestamptz as never, count(*) as big,
        7::integer as small, true as yes, '{"a": [1, null]}'::jsonb as document, array['x', 'y'] as list`.execute(
      ledger.db,
    );
    expect(rows).toEqual([
      {
        time: '2026-07-08T07:10:11.123Z',
        never: null,
        big: 1,
        small: 7,
        yes: true,
        document: { a: [1, null] },
        list: ['x', 'y'],
      },
    ]);
  });

  test('carry awkward texts through a batch unchanged', async () => {
    const texts = [
      '',
      ' ',
      'null',
      'NULL',
      '{a,b}',
      '"quoted"',
      "it's",
      'back\\slash',
      'two\nlines',
      'Zoë 🦊',
      'a,b',
      '\u2028',
    ];
    const given = relation(texts, {
      text: ['text', (text) => text],
      document: ['jsonb', (text) => ({ text })],
      nothing: ['text', () => undefined],
    });
    const { rows } = await sql<{ text: string; document: { text: string }; nothing: null }>`
      select * from ${given} as g`.execute(ledger.db);
    expect(rows).toEqual(texts.map((text) => ({ text, document: { text }, nothing: null })));
  });

  test('replace what PostgreSQL cannot hold instead of losing the batch', async () => {
    const given = relation(['a\0b', 'half \uD83E'], {
      text: ['text', (text) => text],
      document: ['jsonb', (text) => [text]],
    });
    const { rows } = await sql`select * from ${given} as g`.execute(ledger.db);
    expect(rows).toEqual(['a\uFFFDb', 'half \uFFFD'].map((text) => ({ text, document: [text] })));
  });

  test('carry types through a batch', async () => {
    const given = relation([{ n: 5, yes: false, at: '2026-01-02T03:04:05.678Z' }], {
      n: ['integer', ({ n }) => n],
      yes: ['boolean', ({ yes }) => yes],
      at: ['timestamptz', ({ at }) => at],
    });
    const { rows } = await sql`select * from ${given} as g`.execute(ledger.db);
    expect(rows).toEqual([{ n: 5, yes: false, at: '2026-01-02T03:04:05.678Z' }]);
  });

  test('a query beside a transaction never becomes a part of it', async () => {
    const beside: Promise<unknown>[] = [];
    const failed = ledger.db.transaction().execute(async (trx) => {
      await sql`insert into drafts (text) values ('inside')`.execute(trx);
      // Not awaited here: on PGlite it waits for the end of this transaction, which would wait for it.
      beside.push(ledger.settings.saveDraft('beside'));
      throw new Error('roll back');
    });
    await expect(failed).rejects.toThrow('roll back');
    await Promise.all(beside);
    const drafts = await ledger.db.selectFrom('drafts').select('text').execute();
    expect(drafts).toEqual([{ text: 'beside' }]);
  });

  test('answer a ping', async () => {
    expect(await ledger.ping()).toBeUndefined();
  });
});
