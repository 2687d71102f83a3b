import type { Catalog } from '../core/settings/catalog.ts';
import type { Settings } from '../core/settings/settings.ts';
import type { Ledger } from '../ledger/ledger.ts';

/** The settings that run, with what both systems offered when they were checked. */
export interface Running {
  readonly version: number;
  readonly settings: Settings;
  readonly catalog: Catalog;
  /** When each object was enabled, by each system's own clock: nothing older is a change. */
  readonly enabledAt: Readonly<Record<string, EnabledAt>>;
}

export interface EnabledAt {
  readonly hubspot: string;
  readonly salesforce: string;
}

/** The cursor that holds when each object was enabled. */
export const enabledAtCursor = 'enabledAt';

/** Undefined before the first version. */
export async function runningSettings({ settings, cursors }: Ledger): Promise<Running | undefined> {
  const current = await settings.current();
  if (!current) return undefined;
  const enabledAt = (await cursors.get<Running['enabledAt']>(enabledAtCursor)) ?? {};
  return { version: current.version, settings: current.settings, catalog: current.catalog, enabledAt };
}
