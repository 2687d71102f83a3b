/** One way to break the engine on purpose: what stands in one file is replaced while it is loaded. */
export interface Break {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/** By name. The simulation has to find each of them, or it would not find their like either. */
export const breaks: Readonly<Record<string, readonly Break[]>> = {
  noIntent: [
    {
      file: 'activities/send.ts',
      from: 'await engine.ledger.writes.intend(',
      to: 'await (async (rows: readonly unknown[], _: unknown) => rows.map(() => crypto.randomUUID()))(',
    },
  ],
  baseMovedBeforeTheAnswer: [
    { file: 'activities/sync/carry-out.ts', from: 'new Set(systems.filter(writtenTo))', to: 'new Set(systems)' },
    { file: 'activities/sync/carry-out.ts', from: "category === 'changedMeanwhile'", to: 'false' },
  ],
  leaseIgnored: [
    {
      file: 'activities/sync/leases.ts',
      from: 'if (wantedKeys.some(({ key }) => !mine.has(key)))',
      to: 'for (const { key } of wantedKeys) unit.held.add(key);\n    if (Number(mine.size) < 0)',
    },
    { file: 'ledger/writes.ts', from: 'guard.held = ${keys.length}::integer and ', to: '' },
    { file: 'ledger/writes.ts', from: 'if (state.held !== keys.length)', to: 'if (Number(state.held) < 0)' },
  ],
  busyDropped: [
    { file: 'activities/sync/leases.ts', from: 'await engine.handOver(left.flatMap(', to: 'void (left.flatMap(' },
  ],
  membershipTrustedAtOnce: [
    {
      file: 'core/gate.ts',
      from: "if (expected !== 'unknown' && (expected === 'true') === member) return",
      to: 'return',
    },
  ],
  gateAskedAfterTheWrite: [
    {
      file: 'activities/sync/step.ts',
      from: 'const verdict = standing(unit, exception);',
      to: "const verdict = { kind: 'open', basis: 'open' } as const;",
    },
    {
      file: 'activities/sync/step.ts',
      from: 'verdict: standing(unit),',
      to: "verdict: { kind: 'open', basis: 'open' },",
    },
  ],
  blankOverwrites: [
    { file: 'core/merge.ts', from: '(baseHalves(state.base)?.[side] ?? null)', to: 'baseHalves(state.base)?.[side]' },
  ],
  pairByLastModifiedEmail: [
    {
      file: 'core/pairing.ts',
      from: '(candidate.pairedWith === undefined || isPair(candidate))',
      to: 'candidate.id !== ""',
    },
    { file: 'core/pairing.ts', from: 'Number(isPair(b)) - Number(isPair(a)) ||', to: '' },
    { file: 'core/pairing.ts', from: 'age(a) - age(b) ||', to: 'age(b) - age(a) ||' },
  ],
  newsOfSegmentsIgnored: [
    {
      file: 'activities/watch-segment.ts',
      from: 'await segmentReevaluated(',
      to: 'await (async (..._: unknown[]) => {})(',
    },
  ],
  // A fault that the simulation found when it was new.
  heldBackTakenForSettled: [{ file: 'core/plan/field.ts', from: 'if (isHeldBack) return', to: 'if (!kind) return' }],
};
