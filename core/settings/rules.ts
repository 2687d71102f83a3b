import type { System } from '../record-ref.ts';
import type { Direction, Rule } from './settings.ts';

/** The systems that a rule ever writes to, whatever the direction; "unless blank" rules write to both. */
const writes: Readonly<Record<Rule, readonly System[]>> = {
  twoWay: ['hubspot', 'salesforce'],
  preferSalesforce: ['hubspot', 'salesforce'],
  alwaysSalesforce: ['hubspot'],
  preferHubSpot: ['hubspot', 'salesforce'],
  alwaysHubSpot: ['salesforce'],
  none: [],
};

const open: Readonly<Record<Direction, readonly System[]>> = {
  both: ['hubspot', 'salesforce'],
  toHubSpot: ['hubspot'],
  toSalesforce: ['salesforce'],
};

/** Whether a field under this rule can ever be written to `system` while the object syncs in `direction`. */
export const writesTo = (system: System, rule: Rule, direction: Direction): boolean =>
  writes[rule].includes(system) && open[direction].includes(system);

/** Whether records may be written to `system` at all. */
export const isOpen = (system: System, direction: Direction): boolean => open[direction].includes(system);
