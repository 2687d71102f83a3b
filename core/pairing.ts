import { instantMs } from './values.ts';

/** A record that may be the counterpart of another. */
export interface Candidate {
  readonly id: string;
  readonly type: string;
  /** ISO, in either vendor's spelling. */
  readonly createdAt: string;
  /** Id of the record that it is paired with. */
  readonly pairedWith?: string | undefined;
}

/**
 * The candidate to pair with: the one that is paired with `hubspotId` already, else the first by order of `types`, by
 * age (oldest first) and by id. Candidates of other types or paired with another record are out. Undefined if none is
 * left.
 */
export function chooseCandidate<C extends Candidate>(
  candidates: readonly C[],
  { types, hubspotId }: { readonly types: readonly string[]; readonly hubspotId?: string | undefined },
): C | undefined {
  const isPair = ({ pairedWith }: C): boolean => pairedWith !== undefined && pairedWith === hubspotId;
  const left = candidates.filter(
    (candidate) => types.includes(candidate.type) && (candidate.pairedWith === undefined || isPair(candidate)),
  );
  const order = (a: C, b: C): number =>
    Number(isPair(b)) - Number(isPair(a)) ||
    types.indexOf(a.type) - types.indexOf(b.type) ||
    age(a) - age(b) ||
    (a.id < b.id ? -1 : 1);
  return left.sort(order)[0];
}

/** A record without a readable date counts as the youngest; a finite number, so that differences are numbers. */
const age = ({ createdAt }: Candidate): number => instantMs(createdAt) ?? Number.MAX_SAFE_INTEGER;
