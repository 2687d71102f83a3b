import { sql } from 'kysely';
import type { Catalog } from '../core/settings/catalog.ts';
import type { Settings } from '../core/settings/settings.ts';
import { toJson } from './batch.ts';
import type { Db } from './tables.ts';
import { retrying } from './transact.ts';

/** A stored text without effect: settings, or the parameters of a run. */
export interface Draft {
  readonly draft: number;
  readonly text: string;
  readonly createdAt: string;
}

/** The settings that run, as they were checked and resolved against both systems. */
export interface SettingsVersion {
  readonly version: number;
  readonly draft: number;
  readonly settings: Settings;
  /** What both systems offered when the settings were checked. */
  readonly catalog: Catalog;
  /** The text of the draft. */
  readonly yaml: string;
  readonly activatedAt: string;
}

export interface Activation {
  readonly draft: number;
  /** The version that was current when the draft was checked; undefined where none was. */
  readonly replaces: number | undefined;
  readonly settings: Settings;
  readonly catalog: Catalog;
}

/** Drafts and versions of the settings. */
export class SettingsStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  /** Stores a text and answers its number. It has no effect until a workflow takes it. */
  async saveDraft(text: string): Promise<number> {
    const row = await this.#db.insertInto('drafts').values({ text }).returning('draft').executeTakeFirstOrThrow();
    return row.draft;
  }

  async draft(draft: number): Promise<Draft | undefined> {
    const row = await this.#db.selectFrom('drafts').selectAll().where('draft', '=', draft).executeTakeFirst();
    return row && { draft: row.draft, text: row.text, createdAt: row.created_at };
  }

  /** The number of the version that runs: cheap enough to ask before every batch. */
  async currentVersion(): Promise<number | undefined> {
    const { rows } = await sql<{ version: number | null }>`
      select max(version) as version from settings_versions`.execute(this.#db);
    return rows[0]?.version ?? undefined;
  }

  /** The settings that run, or undefined before the first activation. */
  async current(): Promise<SettingsVersion | undefined> {
    const { rows } = await sql<SettingsVersion>`
      select v.version, v.draft, v.settings, v.catalog, d.text as yaml, v.activated_at as "activatedAt"
      from settings_versions v join drafts d using (draft) order by v.version desc limit 1`.execute(this.#db);
    return rows[0];
  }

  /**
   * Makes a draft the running version, unless another one than `replaces` runs by now: then nothing changes and the
   * running version is named. Asked again for what it has already done, it answers the same.
   */
  async activate(
    activation: Activation,
  ): Promise<{ readonly version: number } | { readonly conflict: number | undefined }> {
    const { draft, settings, catalog } = activation;
    const replaces = activation.replaces ?? null;
    const version = (replaces ?? 0) + 1;
    const documents = [toJson(settings), toJson(catalog)] as const;
    await retrying(() =>
      sql`
        insert into settings_versions (version, draft, replaces, settings, catalog)
        select ${version}::integer, ${draft}::integer, ${replaces}::integer, ${documents[0]}::jsonb, ${documents[1]}::jsonb
        where (select max(version) from settings_versions) is not distinct from ${replaces}::integer
        on conflict (version) do nothing`.execute(this.#db),
    );
    const newest = await this.#db
      .selectFrom('settings_versions')
      .select(['version', 'draft'])
      .orderBy('version', 'desc')
      .limit(1)
      .executeTakeFirst();
    return newest?.version === version && newest.draft === draft ? { version } : { conflict: newest?.version };
  }
}
