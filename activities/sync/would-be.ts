import { propertiesIn } from '../../core/plan/association.ts';
import type { ObjectSettings } from '../../core/settings/settings.ts';
import { wouldBelong, wouldBeValues } from '../../core/would-be.ts';
import { type Pass, segmentIds } from './context.ts';
import { knowDefinitions, readDefinitions } from './definitions.ts';
import { planFor } from './step.ts';
import { isOpen, type Unit } from './unit.ts';

/**
 * Asks the segments' filters about records that HubSpot does not have yet, or has with nothing but what an import brought
 * first: would they belong, with the values that Salesforce has? Asked only where the settings let that decide.
 */
export async function askWouldBe(pass: Pass, units: readonly Unit[]): Promise<void> {
  const asked = units.filter((unit) => isOpen(unit) && isAsked(pass, unit));
  for (const [object, members] of Map.groupBy(asked, (unit) => unit.object)) {
    await knowDefinitions(pass, object);
    const { infos, views, filters } = await readDefinitions(pass, object);
    const branches = [...infos.values()].map(({ filterBranch }) => filterBranch);
    const properties = pass.running.catalog.hubspot[object.hubspot.type] ?? {};
    for (const unit of members) {
      const { hubspot } = planFor(pass, unit, unit.salesforce?.type ?? '', 'toHubSpot');
      unit.wouldBelong = wouldBelong({
        values: wouldBeValues(branches, properties, unit.hubspot?.properties, propertiesIn(hubspot)),
        ...object.segments,
        segments: views,
        nowMs: pass.engine.now(),
        zone: pass.running.catalog.timeZone,
        lists: filters,
      });
    }
  }
}

function isAsked(pass: Pass, { object, hubspot, salesforce, pair, verdict }: Unit): boolean {
  if (segmentIds(object).length === 0 || !salesforce) return false;
  if (!hubspot) return pass.mode !== 'identity' && !pair && object.create.hubspot === 'members';
  return pass.mode === 'projected' && verdict?.kind === 'closed' && !pair?.base && isBlank(object, hubspot.properties);
}

/** It holds nothing of what is mapped but what it is found by. */
function isBlank({ fields, match }: ObjectSettings, properties: Readonly<Record<string, string | null>>): boolean {
  const found = new Set(match.map(({ hubspot }) => hubspot));
  return fields.every(({ hubspot }) => found.has(hubspot) || (properties[hubspot] ?? '') === '');
}
