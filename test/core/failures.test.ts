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

  /** Codes that the vendors' documentation, or answers of theirs that others published, are known to carry. */
  const known = {
    hubspot: `VALIDATION_ERROR CONFLICT OBJECT_NOT_FOUND OBJECT_ALREADY_EXISTS INVALID_AUTHENTICATION
      EXPIRED_AUTHENTICATION MISSING_SCOPES RATE_LIMIT RATE_LIMITS TEN_SECONDLY_ROLLING SECONDLY DAILY
      PROPERTY_DOESNT_EXIST READ_ONLY_VALUE INVALID_EMAIL INVALID_OPTION INVALID_INTEGER INVALID_DATE
      CONFLICTING_UNIQUE_VALUE MISSING_REQUIRED_PROPERTY MISSING_CONDITIONAL_REQUIRED_PROPERTY
      Properties.PROPERTY_WITH_NAME_EXISTS PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE
      ILS.DUPLICATE_LIST_NAMES crm.associations.NO_ASSOCIATIONS_FOUND HTTP_414 HTTP_423 HTTP_429 HTTP_477 HTTP_502
      HTTP_503 HTTP_504 HTTP_521 HTTP_522 HTTP_523 HTTP_524 HTTP_525 HTTP_526`,
    salesforce: `INVALID_SESSION_ID REQUEST_LIMIT_EXCEEDED API_DISABLED_FOR_ORG API_CURRENTLY_DISABLED
      INSUFFICIENT_ACCESS_OR_READONLY INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY NOT_FOUND ENTITY_IS_DELETED
      INVALID_CROSS_REFERENCE_KEY DUPLICATES_DETECTED DUPLICATE_VALUE DUPLICATE_EXTERNAL_ID REQUIRED_FIELD_MISSING
      FIELD_CUSTOM_VALIDATION_EXCEPTION FIELD_INTEGRITY_EXCEPTION FIELD_FILTER_VALIDATION_EXCEPTION STRING_TOO_LONG
      INVALID_EMAIL_ADDRESS INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST INVALID_FIELD INVALID_FIELD_FOR_INSERT_UPDATE
      INVALID_TYPE MALFORMED_QUERY INVALID_QUERY_FILTER_OPERATOR MALFORMED_ID JSON_PARSER_ERROR UNABLE_TO_LOCK_ROW
      CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY CANNOT_EXECUTE_FLOW_TRIGGER ALL_OR_NONE_OPERATION_ROLLED_BACK
      PROCESSING_HALTED CANNOT_UPDATE_CONVERTED_LEAD STORAGE_LIMIT_EXCEEDED TXN_SECURITY_NO_ACCESS
      TRANSFER_REQUIRES_READ INACTIVE_OWNER_OR_USER QUERY_TIMEOUT INVALID_QUERY_LOCATOR EXCEEDED_ID_LIMIT
      INVALID_REPLICATION_DATE SERVER_UNAVAILABLE UNKNOWN_EXCEPTION MULTIPLE_CHOICES invalid_grant invalid_client
      invalid_client_id unsupported_grant_type inactive_user HTTP_405 HTTP_409 HTTP_410 HTTP_412 HTTP_414 HTTP_415
      HTTP_420 HTTP_428 HTTP_431 HTTP_500 HTTP_502 HTTP_503`,
  };

  test.each(['hubspot', 'salesforce'] as const)('has a row for every code that %s is known for', (system) => {
    const all = new Set<string>(codes(system));
    expect(known[system].split(/\s+/).filter((code) => !all.has(code))).toEqual([]);
  });

  test('keeps the codes of one vendor from the other', () => {
    expect(categoryOf('salesforce', 'DAILY')).toBe('unexpected');
    expect(categoryOf('hubspot', 'INVALID_FIELD')).toBe('unexpected');
  });

  test('a code that stands nowhere is unexpected', () => {
    expect(categoryOf('hubspot', 'SOMETHING_NEW')).toBe('unexpected');
  });
});
