import { associationKey, type Related } from '../../core/plan/association.ts';
import type { RecordRef } from '../../core/record-ref.ts';
import type { AssociationSettings, ObjectSettings } from '../../core/settings/settings.ts';
import type { AssociationType } from '../../crm/types.ts';
import type { MissingParent } from '../../ledger/parents.ts';
import type { Pass } from './context.ts';
import { isOpen, type Unit, unitRef } from './unit.ts';

/** Which parents the records of these units name on both sides, as ids that can be compared. */
export async function readAssociations(pass: Pass, units: readonly Unit[]): Promise<void> {
  if (pass.mode === 'identity') return;
  for (const [, members] of Map.groupBy(units.filter(isOpen), ({ object }) => object.name)) {
    const [{ object }] = members as [Unit];
    for (const association of object.associations ?? []) await relate(pass, object, association, members);
  }
}

async function relate(
  pass: Pass,
  object: ObjectSettings,
  association: AssociationSettings,
  units: readonly Unit[],
): Promise<void> {
  const parent = pass.running.settings.objects[association.to];
  if (!parent) return;
  const { reader } = pass.engine.hubspot;
  const { pairs } = pass.engine.ledger;
  const known = units.flatMap(({ hubspot }) => hubspot?.id ?? []);
  const associated =
    known.length > 0 ? await reader.associated(object.hubspot.type, parent.hubspot.type, known) : new Map();
  const wanted = association.label ?? null;
  const hubspotParent = ({ hubspot }: Unit): string | null => {
    const rows: readonly { id: string; labels: readonly (string | null)[] }[] = associated.get(hubspot?.id ?? '') ?? [];
    const ids = rows.filter(({ labels }) => labels.includes(wanted)).map(({ id }) => id);
    // Salesforce names one parent; of several without a label the eldest stands for them.
    return ids.sort((a, b) => a.length - b.length || (a < b ? -1 : 1))[0] ?? null;
  };
  const salesforceParent = ({ salesforce }: Unit): string | null => {
    const id = salesforce?.fields[association.salesforce[salesforce.type] ?? ''];
    return typeof id === 'string' && id !== '' ? id : null;
  };
  const here = await pairs.byIds(
    association.to,
    'hubspot',
    units.flatMap((unit) => hubspotParent(unit) ?? []),
  );
  const there = await pairs.byIds(
    association.to,
    'salesforce',
    units.flatMap((unit) => salesforceParent(unit) ?? []),
  );
  const { hubspot: parentType } = parent;
  const way = await associationType(pass, object.hubspot.type, parentType.type, association.label);
  for (const unit of units) {
    if (way) unit.parentTypes.set(associationKey(association), { type: parentType.type, association: way });
    const [hubspotId, salesforceId] = [hubspotParent(unit), salesforceParent(unit)];
    const [pairHere, pairThere] = [here.get(hubspotId ?? ''), there.get(salesforceId ?? '')];
    const related: Related = {
      hubspot: hubspotId === null ? null : pairHere && hubspotId,
      salesforce: salesforceId === null ? null : pairThere?.hubspotId,
      salesforceId: pairHere?.salesforceId,
    };
    unit.related.set(associationKey(association), related);
    const missing: RecordRef[] = [];
    if (related.hubspot === undefined) missing.push({ system: 'hubspot', object: association.to, id: hubspotId ?? '' });
    if (related.salesforce === undefined) {
      missing.push({ system: 'salesforce', object: association.to, id: salesforceId ?? '' });
    }
    unit.missingParents.set(associationKey(association), missing);
  }
}

const types = new WeakMap<object, Map<string, readonly AssociationType[]>>();

/** The type that a label (or none) stands for, as HubSpot defines it; read once per process. */
async function associationType(
  pass: Pass,
  from: string,
  to: string,
  label: string | undefined,
): Promise<AssociationType | undefined> {
  const { reader } = pass.engine.hubspot;
  const known = types.get(reader) ?? new Map<string, readonly AssociationType[]>();
  types.set(reader, known);
  const key = `${from}/${to}`;
  const found = known.get(key) ?? (await reader.associationTypes(from, to));
  known.set(key, found);
  return found.find((type) => type.label === (label ?? null));
}

/**
 * Children wait for parents without a pair, and are run again when there is one. A parent that was paired while we
 * looked is found by looking once more after the wait was noted.
 */
export async function waitForParents(pass: Pass, done: readonly Unit[]): Promise<void> {
  const { parents, pairs } = pass.engine.ledger;
  const waits = done.flatMap((unit): MissingParent[] =>
    [...unit.missingParents.values()].flat().map((parent) => ({ child: unitRef(unit), parent })),
  );
  await parents.wait(waits);
  const late: MissingParent[] = [];
  for (const [key, group] of Map.groupBy(waits, ({ parent }) => `${parent.object}/${parent.system}`)) {
    const [object, system] = key.split('/') as [string, RecordRef['system']];
    const found = await pairs.byIds(
      object,
      system,
      group.map(({ parent }) => parent.id),
    );
    late.push(...group.filter(({ parent }) => found.has(parent.id)));
  }
  const opened = done.filter(({ pair, hubspotId, salesforceId }) => !pair && hubspotId && salesforceId);
  const refs = opened.flatMap(({ object, hubspotId = '', salesforceId = '' }): RecordRef[] => [
    { system: 'hubspot', object: object.name, id: hubspotId },
    { system: 'salesforce', object: object.name, id: salesforceId },
  ]);
  const children = [...late, ...(await parents.waitingFor(refs))];
  if (children.length === 0) return;
  await pass.engine.handOver(
    children.map(({ child, parent }) => ({ ref: child, id: `parent/${parent.system}/${parent.object}/${parent.id}` })),
  );
  await parents.clear(children);
}
