import { ApplicationFailure } from '@temporalio/activity';
import type { Engine } from '../engine.ts';

/** The SOQL condition that a draft holds; it may hold values of records, so histories hold the draft's number only. */
export async function conditionOf(engine: Pick<Engine, 'ledger'>, draft: number | null): Promise<string | undefined> {
  if (draft === null) return undefined;
  const stored = await engine.ledger.settings.draft(draft);
  if (!stored) throw ApplicationFailure.nonRetryable(`There is no draft ${draft}: save one first.`, 'NoSuchDraft');
  return stored.text.trim() === '' ? undefined : stored.text;
}
