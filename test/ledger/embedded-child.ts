import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

/**
 * A process of its own that owns an embedded ledger: `node embedded-child.ts {dataDir} {commits}`. It says `found N` (how
 * many of its runs the ledger holds), then `noted N` after each commit, and ends after that many commits with
 * `synced N`, the number of calls of fsync that they took.
 */
const [dataDir = '', commits = '0'] = process.argv.slice(2);

let synced = 0;
const { fsyncSync } = fs;
fs.fsyncSync = (descriptor) => {
  synced++;
  fsyncSync(descriptor);
};
syncBuiltinESMExports();

// Loaded only now, so that it sees the counting function.
const { openLedger } = await import('../../ledger/index.ts');
const ledger = await openLedger({ dataDir });
const found = (await ledger.runs.list({ limit: 1_000_000 })).length;
console.log(`found ${found}`);
synced = 0;
for (let i = 0; i < Number(commits); i++) {
  await ledger.runs.start({ id: `${found + i}`, kind: 'import', name: 'x'.repeat(200) });
  console.log(`noted ${found + i + 1}`);
}
console.log(`synced ${synced}`);
await ledger.close();
