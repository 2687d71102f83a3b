import { durationMs } from './duration.ts';
import { defaultsFor, hubspotType, knownHubSpotTypes } from './object-types.ts';
import { type Problem, show } from './problem.ts';
import { isOpen } from './rules.ts';
import { resolveSchedules } from './schedules.ts';
import type { ObjectFile, SettingsFile } from './schema.ts';
import type { FieldMapping, ObjectSettings, Settings } from './settings.ts';
import { didYouMean } from './suggest.ts';

/** What holds where `tandem.yaml` says nothing. */
export const defaults = {
  keys: { hubspot: 'tandem_salesforce_id', salesforce: 'Tandem_HubSpot_Id__c' },
  direction: 'both',
  onBadValue: 'failField',
  create: { hubspot: 'always', salesforce: 'members' },
  gate: {
    settleSeconds: 60,
    reevaluationTimeout: '15m',
    onTimeout: 'hold',
    firstSync: 'writeBack',
    importEvaluation: 'afterEmail',
    exit: 'freeze',
  },
  deletes: {
    fromHubSpot: 'nothing',
    fromSalesforce: 'nothing',
    hubspotMark: 'salesforcedeleted',
    salesforceMark: 'HubSpot_Deleted__c',
  },
  polling: { hubspot: '10s', salesforce: '30s' },
} as const;

/** Fills in the defaults. Problems are those that only show while doing so. */
export function resolve(file: SettingsFile): { settings: Settings; problems: Problem[] } {
  const problems: Problem[] = [];
  const resolved = Object.entries(file.objects).map(([name, object]) => resolveObject(name, object, file, problems));
  const objects = Object.fromEntries(resolved.map((object) => [object.name, object]));
  const polling = { ...defaults.polling, ...file.polling };
  const { schedules, problems: ofSchedules } = resolveSchedules(file, objects);
  return {
    settings: {
      keys: { ...defaults.keys, ...file.keys },
      objects,
      polling: { hubspotMs: durationMs(polling.hubspot), salesforceMs: durationMs(polling.salesforce) },
      schedules,
    },
    problems: [...problems, ...ofSchedules],
  };
}

function resolveObject(name: string, object: ObjectFile, file: SettingsFile, problems: Problem[]): ObjectSettings {
  const at = `objects.${name}`;
  const hubspot = hubspotType(object.hubspot ?? name);
  if (!hubspot) {
    problems.push({
      path: `${at}.hubspot`,
      found: show(object.hubspot),
      expected: `${knownHubSpotTypes.join(', ')} or a custom object's type id such as 2-123${didYouMean(object.hubspot ?? name, knownHubSpotTypes)}`,
    });
  }
  const known = defaultsFor(hubspot?.type ?? '');
  const types = object.salesforce?.types ?? known?.salesforce ?? [];
  if (types.length === 0) {
    problems.push({
      path: `${at}.salesforce.types`,
      found: show(object.salesforce?.types),
      expected: 'at least one Salesforce type',
    });
  }
  const direction = object.direction ?? file.defaults?.direction ?? defaults.direction;
  for (const system of ['hubspot', 'salesforce'] as const) {
    const policy = object.create?.[system];
    if (policy && policy !== 'never' && object.direction && !isOpen(system, object.direction)) {
      problems.push({
        path: `${at}.create.${system}`,
        found: policy,
        expected: `never, as direction ${object.direction} writes nothing there`,
      });
    }
  }
  const create = { ...defaults.create, ...file.defaults?.create, ...object.create };
  const owner = object.owner ?? file.defaults?.owner;
  const gate = { ...defaults.gate, ...file.defaults?.gate, ...object.gate };
  if (gate.exit === 'archive' && !isOpen('salesforce', direction)) {
    problems.push({
      path: `${at}.gate.exit`,
      found: 'archive',
      expected: `another policy, as direction ${direction} writes nothing to Salesforce`,
    });
  }
  return {
    name,
    hubspot: hubspot ?? { type: '', typeId: '' },
    salesforce: {
      types,
      create: object.salesforce?.create ?? types.slice(0, 1).map((type) => ({ type })),
      ...(object.salesforce?.where && { where: object.salesforce.where }),
    },
    direction,
    create: {
      hubspot: isOpen('hubspot', direction) ? create.hubspot : 'never',
      salesforce: isOpen('salesforce', direction) ? create.salesforce : 'never',
    },
    gate: {
      settleMs: Math.round(gate.settleSeconds * 1000),
      reevaluationTimeoutMs: durationMs(gate.reevaluationTimeout),
      onTimeout: gate.onTimeout,
      firstSync: gate.firstSync,
      importEvaluation: gate.importEvaluation,
      exit: gate.exit,
    },
    match: object.match ?? known?.match ?? [],
    segments: {
      include: (object.segments?.include ?? []).map(String),
      exclude: (object.segments?.exclude ?? []).map(String),
    },
    fields: object.fields.map((field) => resolveField(field, types)),
    deletes: { ...defaults.deletes, ...file.defaults?.deletes, ...object.deletes },
    ...(owner && { owner: { table: owner.table ?? {} } }),
    ...(object.associations && { associations: object.associations }),
    onBadValue: object.onBadValue ?? file.defaults?.onBadValue ?? defaults.onBadValue,
  };
}

function resolveField(field: ObjectFile['fields'][number], types: readonly string[]): FieldMapping {
  const { salesforce } = field;
  return {
    ...field,
    salesforce:
      typeof salesforce === 'string' ? Object.fromEntries(types.map((type) => [type, salesforce])) : salesforce,
  };
}
