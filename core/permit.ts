import { type RecordRef, refKey, type System } from './record-ref.ts';

/** Why a write may be sent. */
export const permitBases = [
  'open',
  'noSegment',
  'identity',
  'autoCreate',
  'firstSync',
  'projected',
  'settled',
  'timeout',
  'exitPolicy',
] as const;
export type PermitBasis = (typeof permitBases)[number];

/**
 * The proof that one write may be sent: to which system, for which record, resting on which read, under which segment
 * version. Only the gate issues permits, and each is good for one write.
 */
export interface Permit {
  readonly target: System;
  /** The record the verdict was made for. */
  readonly ref: RecordRef;
  /** Names the read that the verdict and the written values come from. */
  readonly readId: string;
  readonly segmentVersion: string | undefined;
  readonly basis: PermitBasis;
}

/** A write without the right to it. The message names the record and what is wrong, never a value. */
export class PermitRefused extends Error {
  override readonly name = 'PermitRefused';
}

const issued = new WeakSet<Permit>();

/** For `gate.ts` alone. */
export function issuePermit(content: Permit): Permit {
  const permit = Object.freeze({ ...content });
  issued.add(permit);
  return permit;
}

/**
 * Spends a permit for the write about to be sent. Throws `PermitRefused` for a permit that is missing, forged or spent,
 * or was issued for another record, another system or another read.
 */
export function spendPermit(permit: Permit | undefined, write: Pick<Permit, 'target' | 'ref' | 'readId'>): void {
  const name = `A write to ${write.target} for ${refKey(write.ref)}`;
  if (!permit) throw new PermitRefused(`${name} has no permit.`);
  if (!issued.has(permit))
    throw new PermitRefused(`${name} has a permit that the gate did not issue, or that is spent.`);
  if (permit.target !== write.target || refKey(permit.ref) !== refKey(write.ref) || permit.readId !== write.readId) {
    throw new PermitRefused(`${name} has the permit of another write (${permit.target}, ${refKey(permit.ref)}).`);
  }
  issued.delete(permit);
}
