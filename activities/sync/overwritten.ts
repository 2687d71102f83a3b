import type { Plan } from '../../core/plan.ts';
import { fromHubSpot } from '../../core/values.ts';
import type { RowResult } from '../../crm/types.ts';
import type { Write } from '../send.ts';
import { kindsOf, type Pass } from './context.ts';
import type { Unit } from './unit.ts';

/**
 * After a HubSpot write: looks at the properties' history for an edit that came between our read and our write, and keeps
 * its value. HubSpot has no conditional write, so the window can only be watched. A property that was blank as read may
 * have been filled meanwhile like any other.
 */
export async function keepOverwritten(
  pass: Pass,
  steps: readonly {
    readonly unit: Unit;
    readonly plan: Plan;
    readonly type: string;
    readonly writes: readonly Write[];
  }[],
  results: ReadonlyMap<string, RowResult>,
): Promise<void> {
  if (!pass.alone) return;
  for (const { unit, plan, type, writes } of steps) {
    const write = writes.find(
      ({ target, id, isRemoval, association }) =>
        target === 'hubspot' && id !== undefined && !isRemoval && !association,
    );
    if (!write?.id || !results.get(write.key)?.ok) continue;
    const replaced = Object.keys(write.values);
    const history = await pass.engine.hubspot.reader.history(write.type, write.id, replaced);
    const kinds = kindsOf(pass, unit.object, type);
    for (const name of replaced) {
      const kind = kinds[name];
      if (!kind) continue;
      const asRead = fromHubSpot(kind, unit.hubspot?.properties[name]);
      const versions = (history.get(name) ?? []).map(({ value }) => fromHubSpot(kind, value));
      const ours = versions.indexOf(fromHubSpot(kind, plan.hubspot[name]));
      const before = ours === -1 ? undefined : versions[ours + 1];
      if (before !== undefined && before !== asRead)
        unit.conflicts.push({ field: name, kept: 'salesforce', lost: before });
    }
  }
}
