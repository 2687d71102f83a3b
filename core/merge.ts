import { otherSystem, type System } from './record-ref.ts';
import type { Direction, Rule } from './settings/settings.ts';

/**
 * What the base holds of one field, in canonical form and HubSpot's vocabulary: the value both sides agreed on; or,
 * where they differed and nothing was written, what each side held when that was noted; or that the field's first sync
 * is still to come (its value could not be read or written so far). A field without an entry is unadopted.
 */
export type BaseValue = string | null | NotedValues | FirstSyncToCome;

export interface NotedValues {
  readonly hubspot: string | null;
  readonly salesforce: string | null;
}

export interface FirstSyncToCome {
  readonly firstSync: true;
}

/** One field of one pair: canonical values, null being blank. */
export interface FieldState {
  readonly rule: Rule;
  readonly direction: Direction;
  /** Undefined: the field's first sync. */
  readonly base: BaseValue | undefined;
  readonly hubspot: string | null;
  readonly salesforce: string | null;
  /** The side edited last, as far as the vendors' stamps tell. */
  readonly newer: System | undefined;
}

/**
 * `agreed`: both sides hold the value. `left`: they differ and nothing may or need cross; the base stays. `write`: the
 * value goes to `to`; `loser` is the edit (not just the old value) that it replaces there.
 */
export type FieldDecision =
  | { readonly kind: 'agreed'; readonly value: string | null }
  | { readonly kind: 'left' }
  | {
      readonly kind: 'write';
      readonly to: System;
      readonly value: string | null;
      readonly loser?: { readonly system: System; readonly value: string | null };
    };

/**
 * Decides one field. The rule and the object's direction say which ways are open; a side's value goes an open way if it
 * has changed since the base. At the first sync a value goes if it is not blank, so a blank never overwrites.
 *
 * Where both values could go, the side edited last wins; without stamps the side that the rule names, for `twoWay`
 * Salesforce. Under `preferSalesforce` that case is a clearing in Salesforce beside an edit in HubSpot: an edit after
 * the clearing fills the blank, an edit before it is cleared too. The same holds for `preferHubSpot`, mirrored.
 */
export function mergeField(state: FieldState): FieldDecision {
  if (state.hubspot === state.salesforce) return { kind: 'agreed', value: state.hubspot };
  const isGoing = (from: System): boolean => hasNews(from, state) && isOpen(from, state);
  const from = chooseSource(isGoing, state);
  if (!from) return { kind: 'left' };
  const to = otherSystem(from);
  const loser = hasNews(to, state) ? { loser: { system: to, value: state[to] } } : {};
  return { kind: 'write', to, value: state[from], ...loser };
}

/** What each side held at the base; undefined before the first sync. */
export function baseHalves(base: BaseValue | undefined): NotedValues | undefined {
  if (base === undefined) return undefined;
  if (base === null || typeof base === 'string') return { hubspot: base, salesforce: base };
  return 'firstSync' in base ? undefined : base;
}

function chooseSource(isGoing: (from: System) => boolean, { rule, newer }: FieldState): System | undefined {
  const favoured = rule === 'preferHubSpot' || rule === 'alwaysHubSpot' ? 'hubspot' : 'salesforce';
  const first = newer ?? favoured;
  return [first, otherSystem(first)].find(isGoing);
}

/** True where a side holds something that the other has not seen; before the first sync that is all but a blank. */
function hasNews(side: System, state: FieldState): boolean {
  return state[side] !== (baseHalves(state.base)?.[side] ?? null);
}

/** True where the rule and the direction let a value go from `from` to the other side, as that one is now. */
function isOpen(from: System, state: FieldState): boolean {
  const isClosed = state.direction === (from === 'hubspot' ? 'toHubSpot' : 'toSalesforce');
  return !isClosed && mayLeave[state.rule](from, state[otherSystem(from)] === null);
}

const mayLeave: Readonly<Record<Rule, (from: System, isOtherBlank: boolean) => boolean>> = {
  twoWay: () => true,
  preferSalesforce: (from, isOtherBlank) => from === 'salesforce' || isOtherBlank,
  alwaysSalesforce: (from) => from === 'salesforce',
  preferHubSpot: (from, isOtherBlank) => from === 'hubspot' || isOtherBlank,
  alwaysHubSpot: (from) => from === 'hubspot',
  none: () => false,
};
