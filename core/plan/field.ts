import {
  type BaseValue,
  baseHalves,
  type FieldDecision,
  type FirstSyncToCome,
  mergeField,
  type NotedValues,
} from '../merge.ts';
import { otherSystem, type System, systems } from '../record-ref.ts';
import type { Direction, FieldMapping } from '../settings/settings.ts';
import {
  blankOf,
  fromHubSpot,
  fromSalesforce,
  type Kind,
  type Misfit,
  misfit,
  rounded,
  toSalesforce,
  truncated,
} from '../values.ts';
import { absentSide, rawForHubSpot, rawForSalesforce, readSides, type Side } from './sides.ts';
import type { BadValue, PlanInput } from './types.ts';

/** One field's part of the plan. */
export interface FieldPlan {
  /** Its entry in the new base; undefined: none. */
  readonly base: BaseValue | undefined;
  readonly write?: FieldWrite | undefined;
  /** The value that can't be used. */
  readonly bad?: Omit<BadValue, 'field'>;
  /** Newly mapped on an old pair, with sides that differ. */
  readonly isNoted?: boolean;
  readonly isSetAside?: boolean;
}

export interface FieldWrite {
  readonly to: System;
  readonly raw: unknown;
  /** The edit that this write overrules. */
  readonly lost?: string | null | undefined;
}

/** A field with all that decides it. */
interface Field {
  readonly mapping: FieldMapping;
  readonly kind: Kind;
  readonly entry: BaseValue;
  readonly values: Values;
  readonly input: PlanInput;
}

/** Both sides, understood. */
type Values = Readonly<Record<System, { readonly value: string | null; readonly isBlank: boolean }>>;

export const firstSyncToCome: FirstSyncToCome = { firstSync: true };

/** Plans one mapped field; `name` is the Salesforce field. */
export function planField(mapping: FieldMapping, name: string, input: PlanInput): FieldPlan {
  const isPairsFirst = !input.base || !input.hubspot || !input.salesforce;
  const entry = isPairsFirst ? firstSyncToCome : input.base?.[mapping.hubspot];
  const kind = input.kinds[mapping.hubspot];
  const sides = kind && sidesOf(mapping, name, kind, entry, input);
  if (!kind || !sides) return { base: entry, isSetAside: true };

  const badSide = systems.find((system) => sides[system].value === undefined);
  if (badSide) return { base: entry, bad: { side: badSide, reason: 'notUnderstood' } };
  const values: Values = { hubspot: understood(sides.hubspot), salesforce: understood(sides.salesforce) };
  if (entry === undefined) return noteValues(values);

  const field: Field = { mapping, kind, entry, values, input };
  return carryOut(decide(field, input.narrowedTo ?? input.object.direction), field);
}

function sidesOf(
  mapping: FieldMapping,
  name: string,
  kind: Kind,
  entry: BaseValue | undefined,
  { hubspot, salesforce }: PlanInput,
): Readonly<Record<System, Side>> | undefined {
  // A field missing from an answer is not a field that was cleared.
  if (hubspot && !Object.hasOwn(hubspot, mapping.hubspot)) return undefined;
  if (salesforce && !Object.hasOwn(salesforce, name)) return undefined;
  const raw = { hubspot: hubspot?.[mapping.hubspot] ?? null, salesforce: salesforce?.[name] ?? null };
  const sides = readSides(mapping, kind, raw, entry);
  return { hubspot: hubspot ? sides.hubspot : absentSide, salesforce: salesforce ? sides.salesforce : absentSide };
}

const understood = ({ value, isBlank }: Side): Values[System] => ({ value: value ?? null, isBlank });

/** An unadopted field: nothing is written, later changes count from what is noted here. */
function noteValues({ hubspot, salesforce }: Values): FieldPlan {
  if (hubspot.value === salesforce.value) return { base: hubspot.value };
  return { base: { hubspot: hubspot.value, salesforce: salesforce.value }, isNoted: true };
}

function decide({ mapping, entry, values, input }: Field, direction: Direction): FieldDecision {
  if (values.hubspot.value === values.salesforce.value) return { kind: 'agreed', value: values.hubspot.value };
  // Only a first sync asks what is blank; there a checkbox never touched must not overrule one that was set.
  const isFirst = baseHalves(entry) === undefined;
  const shown = ({ value, isBlank }: Values[System]): string | null => (isFirst && isBlank ? null : value);
  return mergeField({
    rule: mapping.rule,
    direction,
    base: entry,
    hubspot: shown(values.hubspot),
    salesforce: shown(values.salesforce),
    newer: input.newer,
  });
}

function carryOut(decision: FieldDecision, field: Field): FieldPlan {
  const { kind, entry, values } = field;
  if (decision.kind === 'agreed') return { base: decision.value ?? blankOf(kind), write: fillerOf(field) };
  if (decision.kind === 'left') {
    const isHeldBack = !baseHalves(entry) && decide(field, field.input.object.direction).kind !== 'left';
    if (isHeldBack) return { base: firstSyncToCome }; // this pass may not carry it, a later one will
    const held = (system: System): string | null => values[system].value ?? blankOf(kind);
    const noted: NotedValues = { hubspot: held('hubspot'), salesforce: held('salesforce') };
    return { base: baseHalves(entry) ? entry : noted, write: fillerOf(field) };
  }
  const { to, value, loser } = decision;
  const raw = rawFor(to, field, value);
  const side = otherSystem(to);
  if (raw === undefined) return { base: entry, bad: { side, reason: 'noCounterpart' } };
  if (field.input.refused?.has(field.mapping.hubspot)) return { base: entry, bad: { side, reason: 'refused' } };
  const fitted = fit(to, field, raw);
  if (fitted.misfit) return { base: entry, bad: { side, reason: fitted.misfit } };
  const write = { to, raw: fitted.raw, lost: loser?.value };
  if (fitted.raw === raw) return { base: value, write };
  // The two sides differ from now on, and neither is an edit.
  const kept = to === 'hubspot' ? fromHubSpot(kind, String(fitted.raw)) : fromSalesforce(kind, fitted.raw);
  const halves = { [side]: value, [to]: kept ?? null } as Record<System, string | null>;
  return { base: { hubspot: halves.hubspot, salesforce: halves.salesforce }, write };
}

/** What the field can hold of a value: numbers are rounded as Salesforce does, texts cut where the settings say so. */
function fit(to: System, { mapping, kind, input }: Field, raw: unknown): { raw: unknown; misfit?: Misfit | undefined } {
  const limits = input.limits?.[mapping.hubspot]?.[to];
  const { scale, length = 0 } = limits ?? {};
  if (kind === 'number' && scale !== undefined && raw !== null) {
    const canonical = fromSalesforce(kind, raw);
    const short = typeof canonical === 'string' ? rounded(canonical, scale) : canonical;
    const sent = short === canonical || typeof short !== 'string' ? raw : toSalesforce(kind, short);
    return { raw: sent, misfit: misfit(limits, sent) };
  }
  const problem = misfit(limits, raw);
  if (problem === 'tooLong' && input.object.onBadValue === 'truncate') return { raw: truncated(String(raw), length) };
  return { raw, misfit: problem };
}

/** A record that is created gets the mapping's placeholder where no value goes: a required field must not be blank. */
function fillerOf(field: Field): FieldWrite | undefined {
  const to = systems.find((system) => field.input[system] === undefined);
  if (!to || field.mapping.whenBlank?.[to] === undefined) return undefined;
  return { to, raw: rawFor(to, field, null) };
}

const rawFor = (to: System, { mapping, kind }: Field, value: string | null): unknown =>
  to === 'hubspot' ? rawForHubSpot(mapping, kind, value) : rawForSalesforce(mapping, kind, value);
