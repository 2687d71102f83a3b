import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parseSettings } from '../../core/settings/parse.ts';
import { defaults } from '../../core/settings/resolve.ts';
import { scheduleDefaults } from '../../core/settings/schedules.ts';

const page = readFileSync(new URL('../../docs/settings.md', import.meta.url), 'utf8');

describe('docs/settings.md', () => {
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);

  test.each(examples.map((yaml, i) => [i + 1, yaml] as const))('has an example %i that can run', (_number, yaml) => {
    expect(parseSettings(yaml).problems).toEqual([]);
  });

  test.each([
    ['keys.hubspot', defaults.keys.hubspot],
    ['keys.salesforce', defaults.keys.salesforce],
    ['direction', defaults.direction],
    ['create.hubspot', defaults.create.hubspot],
    ['create.salesforce', defaults.create.salesforce],
    ['settleSeconds', String(defaults.gate.settleSeconds)],
    ['reevaluationTimeout', defaults.gate.reevaluationTimeout],
    ['onTimeout', defaults.gate.onTimeout],
    ['firstSync', defaults.gate.firstSync],
    ['polling.hubspot', defaults.polling.hubspot],
    ['polling.salesforce', defaults.polling.salesforce],
    ['timezone', scheduleDefaults.timezone],
    ['overlap', scheduleDefaults.overlap],
  ])('says that %s is %s by default', (key, value) => {
    expect(page).toContain(`\n| \`${key}\` | \`${value}\` |`);
  });
});
