import { continueAsNew } from '@temporalio/workflow';
import { runPages } from './pages.ts';
import type { ImportInput, RunResult } from './run-messages.ts';

/**
 * Brings Salesforce records into HubSpot, in two phases over all pages: first identity only (for people the email) and
 * the pair; then the full-field sync of those that their segment lets through, or of all without one. The others stay
 * blank but for the identity.
 */
export async function importRecords(input: ImportInput): Promise<RunResult> {
  const end = await runPages({ input, lane: 'bulk', begin: { kind: 'import', draft: input.draft, segmentId: null } });
  if ('state' in end) return await continueAsNew<typeof importRecords>({ ...input, state: end.state });
  return end;
}
