import { expect, test } from '@jest/globals';
import { evaluateFilter } from '../../core/segment-filter.ts';
import { cases, now, zone } from './cases.ts';

const properties = ['p_text', 'p_text_2', 'p_number', 'p_bool', 'p_options', 'p_date', 'p_datetime', 'p_other'];

/** Every example of the filters' meaning; what only former values or events tell, HubSpot has to be asked for. */
test.each(cases)(
  'example $at is $expected',
  ({ branch, record, deals, companies, inList9, expected, needsHistory }) => {
    const values = Object.fromEntries(properties.map((name) => [name, record[name]?.at(-1) || null]));
    const others = new Map([
      [4, deals],
      [279, companies],
    ]);
    const accept = { filterType: 'CONSTANT', shouldAccept: inList9 };
    const list9 = {
      filterBranchType: 'OR',
      filters: [],
      filterBranches: [{ filterBranchType: 'AND', filters: [accept] }],
    };
    const verdict = evaluateFilter(branch, values, {
      nowMs: Date.parse(now),
      zone,
      lists: new Map(inList9 === undefined ? [] : [['9', list9]]),
      associated: (typeId) => others.get(typeId)?.map((other) => ({ industry: null, name: null, ...other })),
    });
    expect(needsHistory ? ['unknown', expected] : [expected]).toContain(verdict);
  },
);
