/** What can be said of a record and a filter: passes, fails, or can't be told from what was read. */
export type Verdict = 'true' | 'false' | 'unknown';

export const verdictOf = (passes: boolean): Verdict => (passes ? 'true' : 'false');

/** Logic of three values (Kleene): an `unknown` part matters only where the others leave the whole open. */
export const not = (verdict: Verdict): Verdict => (verdict === 'unknown' ? 'unknown' : verdictOf(verdict === 'false'));

export function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('false')) return 'false';
  return verdicts.includes('unknown') ? 'unknown' : 'true';
}

export const any = (verdicts: readonly Verdict[]): Verdict => not(all(verdicts.map(not)));
