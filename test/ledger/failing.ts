import type { KyselyPlugin } from 'kysely';
import type { Db } from '../../ledger/tables.ts';

/** The same database, with a statement that fails once when it is told to. */
export function failing(db: Db): { db: Db; failAt(nth: number, code: string): void; ran(): number } {
  let countdown = 0;
  let failure = '';
  let count = 0;
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      count++;
      countdown--;
      if (countdown === 0) throw Object.assign(new Error(`injected ${failure}`), { code: failure });
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  return {
    db: db.withPlugin(plugin),
    failAt: (nth, code) => {
      countdown = nth;
      failure = code;
    },
    ran: () => count,
  };
}
