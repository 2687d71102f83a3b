import { describe, expect, test } from '@jest/globals';
import { categoryOf, failureCategories, failureClass, failures } from '../../core/failures.ts';

const codes = (system: 'hubspot' | 'salesforce') =>
  failureCategories.flatMap((category) => [...failures[category][system], ...failures[category].either]);

describe('the table of failures', () => {
  test.each(['hubspot', 'salesforce'] as const)('names every code of %s once', (system) => {
    const twice = codes(system).filter((code, at, all) => all.indexOf(code) !== at);
    expect(twice).toEqual([]);
  });

  test.each([
    ['hubspot', 'TEN_SECONDLY_ROLLING', 'rateLimit', 'retrySoon'],
    ['hubspot', 'DAILY', 'budget', 'retrySoon'],
    ['hubspot', 'CONFLICT', 'duplicates', 'waitForChange'],
    ['hubspot', 'MISSING_SCOPES', 'permissions', 'needsPerson'],
    ['hubspot', 'HTTP_423', 'locked', 'retrySoon'],
    ['hubspot', 'HTTP_477', 'connection', 'retrySoon'],
    ['hubspot', 'MISSING_IN_ANSWER', 'missingRecord', 'waitForChange'],
    ['salesforce', 'REQUEST_LIMIT_EXCEEDED', 'budget', 'retrySoon'],
    ['salesforce', 'REQUEST_LIMIT_EXCEEDED_CONCURRENT', 'rateLimit', 'retrySoon'],
    ['salesforce', 'UNABLE_TO_LOCK_ROW', 'locked', 'retrySoon'],
    ['salesforce', 'HTTP_412', 'changedMeanwhile', 'retrySoon'],
    ['salesforce', 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'customCode', 'waitForChange'],
    ['salesforce', 'INVALID_FIELD', 'fieldMapping', 'needsPerson'],
    ['salesforce', 'invalid_grant', 'credentials', 'needsPerson'],
    ['salesforce', 'HTTP_503', 'connection', 'retrySoon'],
  ] as const)('%s %s is %s: %s', (system, code, category, failureClassOfIt) => {
    expect(categoryOf(system, code)).toBe(category);
    expect(failureClass(category)).toBe(failureClassOfIt);
  });

  test('keeps the codes of one vendor from the other', () => {
    expect(categoryOf('salesforce', 'DAILY')).toBe('unexpected');
    expect(categoryOf('hubspot', 'INVALID_FIELD')).toBe('unexpected');
  });

  test('a code that stands nowhere is unexpected', () => {
    expect(categoryOf('hubspot', 'SOMETHING_NEW')).toBe('unexpected');
  });
});
