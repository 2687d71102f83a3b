import { parseSettings } from '../../core/settings/parse.ts';
import type { Ledger } from '../../ledger/index.ts';

/** Makes settings the running version, with nothing known of either system. */
export async function activate({ settings: store }: Ledger, yaml: string): Promise<void> {
  const { settings, problems } = parseSettings(yaml);
  if (!settings) throw new Error(JSON.stringify(problems));
  const draft = await store.saveDraft(yaml);
  const catalog = { hubspot: {}, salesforce: {}, segments: [] };
  await store.activate({ draft, replaces: undefined, settings, catalog });
}
