import type { SegmentDetail } from '../client/answers.ts';
import { pairs } from './table.ts';

/** Whether HubSpot has evaluated it for every record. */
export const isDone = ({ processingStatus }: SegmentDetail): boolean => processingStatus === 'COMPLETE';

export const membersOf = ({ size }: SegmentDetail): string =>
  size === null ? 'an unknown number of members' : records(size, 'member');

/** A number as people read it. */
export const figure = (count: number): string => count.toLocaleString('en');

export const records = (count: number, noun = 'record'): string => `${figure(count)} ${noun}${count === 1 ? '' : 's'}`;

/** A segment with its condition, or its filter where words can't say that. */
export function inWords(shown: SegmentDetail): string {
  const facts = pairs([
    ['segment', `${shown.id} "${shown.name}"`],
    ['kind', `${shown.active ? 'active' : 'static'}, ${shown.processingStatus.toLowerCase()}`],
    ['members', shown.size],
    ['chosen', shown.chosen ? 'yes' : 'no'],
    ['version', shown.trusted ? `${shown.version}, judged by HubSpot's answer alone` : shown.version],
    ['condition', shown.condition],
  ]);
  if (shown.condition !== null || shown.filterBranch === null) return facts;
  return `${facts}\n\n${JSON.stringify(shown.filterBranch, null, 2)}`;
}
