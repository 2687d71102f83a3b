/**
 * What to do about a failure: try again soon by itself; leave it until either side, the mapping or the vendor's schema
 * changes; or wait for a person.
 */
export type FailureClass = 'retrySoon' | 'waitForChange' | 'needsPerson';

interface FailureRow {
  readonly class: FailureClass;
  /** For people: what happened and what to do. Never holds a field value. */
  readonly says: string;
  /** HubSpot `category`, `errors[].code`, `subCategory` or `policyName`. */
  readonly hubspot: readonly string[];
  /** Salesforce `errorCode` or `statusCode`, or the OAuth `error`. */
  readonly salesforce: readonly string[];
  /** Codes of our own, for what the vendor left without one: `HTTP_{status}`, or why there is no answer. */
  readonly either: readonly string[];
}

/** Every category of failure, with the vendor codes behind it. Codes that stand nowhere become `unexpected`. */
export const failures = {
  connection: {
    class: 'retrySoon',
    says: 'The system did not answer, broke off or answered with a server error.',
    hubspot: [],
    salesforce: [
      'SERVER_UNAVAILABLE',
      'UNKNOWN_EXCEPTION',
      'QUERY_TIMEOUT',
      'INVALID_QUERY_LOCATOR',
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'PROCESSING_HALTED',
    ],
    either: [
      'TIMEOUT',
      'NETWORK',
      'NOT_JSON',
      'HTTP_408',
      'HTTP_420',
      'HTTP_477',
      'HTTP_500',
      'HTTP_502',
      'HTTP_503',
      'HTTP_504',
      'HTTP_521',
      'HTTP_523',
      'HTTP_524',
    ],
  },
  rateLimit: {
    class: 'retrySoon',
    says: 'The system asked us to slow down.',
    hubspot: ['TEN_SECONDLY_ROLLING', 'SECONDLY', 'RATE_LIMITS', 'RATE_LIMIT'],
    salesforce: ['REQUEST_LIMIT_EXCEEDED_CONCURRENT'],
    either: ['HTTP_429'],
  },
  budget: {
    class: 'retrySoon',
    says: "The day's allowance of calls is spent; work goes on when it is renewed.",
    hubspot: ['DAILY'],
    salesforce: ['REQUEST_LIMIT_EXCEEDED'],
    either: [],
  },
  locked: {
    class: 'retrySoon',
    says: 'The record is locked by another process of the vendor.',
    hubspot: [],
    salesforce: ['UNABLE_TO_LOCK_ROW'],
    either: ['HTTP_423'],
  },
  changedMeanwhile: {
    class: 'retrySoon',
    says: 'The record was edited between our read and our write.',
    hubspot: [],
    salesforce: [],
    either: ['HTTP_412'],
  },
  credentials: {
    class: 'needsPerson',
    says: 'The credentials were refused: check them in the environment.',
    hubspot: ['INVALID_AUTHENTICATION', 'EXPIRED_AUTHENTICATION'],
    salesforce: [
      'INVALID_SESSION_ID',
      'invalid_grant',
      'invalid_client',
      'invalid_client_id',
      'invalid_request',
      'unsupported_grant_type',
      'inactive_user',
    ],
    either: ['HTTP_401', 'BAD_PRIVATE_KEY', 'FOREIGN_INSTANCE'],
  },
  permissions: {
    class: 'needsPerson',
    says: 'The integration user may not read or write this: grant the right named in the log.',
    hubspot: ['MISSING_SCOPES'],
    salesforce: [
      'INSUFFICIENT_ACCESS_OR_READONLY',
      'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
      'API_DISABLED_FOR_ORG',
      'API_CURRENTLY_DISABLED',
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'TRANSFER_REQUIRES_READ',
      'TXN_SECURITY_NO_ACCESS',
      'TXN_SECURITY_METERING_ERROR',
    ],
    either: ['HTTP_403'],
  },
  fieldMapping: {
    class: 'needsPerson',
    says: 'A mapped field or type does not exist or cannot be written: check the settings.',
    hubspot: [
      'PROPERTY_DOESNT_EXIST',
      'READ_ONLY_VALUE',
      'OBJECT_ALREADY_EXISTS',
      'Properties.PROPERTY_WITH_NAME_EXISTS',
      'PropertyValidationError.CANNOT_DELETE_PROPERTY_IN_USE',
    ],
    salesforce: ['INVALID_FIELD', 'INVALID_TYPE', 'NO_SUCH_TYPE', 'NO_SUCH_EXTERNAL_ID'],
    either: [],
  },
  propertyValues: {
    class: 'waitForChange',
    says: 'The other system does not accept the value of a field (form, length, option, or a required field is blank).',
    hubspot: [
      'VALIDATION_ERROR',
      'INVALID_EMAIL',
      'INVALID_OPTION',
      'INVALID_INTEGER',
      'INVALID_DATE',
      'MISSING_REQUIRED_PROPERTY',
      'MISSING_CONDITIONAL_REQUIRED_PROPERTY',
    ],
    salesforce: [
      'REQUIRED_FIELD_MISSING',
      'STRING_TOO_LONG',
      'INVALID_EMAIL_ADDRESS',
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'FIELD_INTEGRITY_EXCEPTION',
      'NUMBER_OUTSIDE_VALID_RANGE',
      'INVALID_CROSS_REFERENCE_KEY',
      'INACTIVE_OWNER_OR_USER',
    ],
    either: [],
  },
  customCode: {
    class: 'waitForChange',
    says: "An admin's rule, trigger or flow refused the record.",
    hubspot: [],
    salesforce: [
      'FIELD_CUSTOM_VALIDATION_EXCEPTION',
      'FIELD_FILTER_VALIDATION_EXCEPTION',
      'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY',
      'CANNOT_EXECUTE_FLOW_TRIGGER',
    ],
    either: [],
  },
  duplicates: {
    class: 'waitForChange',
    says: 'The other system holds a record that this one would duplicate.',
    hubspot: ['CONFLICT', 'CONFLICTING_UNIQUE_VALUE', 'ILS.DUPLICATE_LIST_NAMES'],
    salesforce: ['DUPLICATES_DETECTED', 'DUPLICATE_VALUE', 'DUPLICATE_EXTERNAL_ID', 'MULTIPLE_CHOICES'],
    either: ['HTTP_300', 'HTTP_409'],
  },
  missingRecord: {
    class: 'waitForChange',
    says: 'The record does not exist, or is deleted.',
    hubspot: ['OBJECT_NOT_FOUND', 'crm.associations.NO_ASSOCIATIONS_FOUND'],
    salesforce: ['NOT_FOUND', 'ENTITY_IS_DELETED', 'CANNOT_UPDATE_CONVERTED_LEAD'],
    either: ['HTTP_404', 'MISSING_IN_ANSWER'],
  },
  unexpected: {
    class: 'needsPerson',
    says: 'The system gave an answer that Tandem cannot handle by itself; the code is in the log.',
    hubspot: [],
    salesforce: [
      'JSON_PARSER_ERROR',
      'MALFORMED_QUERY',
      'MALFORMED_ID',
      'INVALID_QUERY_FILTER_OPERATOR',
      'EXCEEDED_ID_LIMIT',
      'INVALID_REPLICATION_DATE',
      'STORAGE_LIMIT_EXCEEDED',
    ],
    either: [
      'BAD_ANSWER',
      'HTTP_400',
      'HTTP_405',
      'HTTP_410',
      'HTTP_414',
      'HTTP_415',
      'HTTP_428',
      'HTTP_431',
      'HTTP_522',
      'HTTP_525',
      'HTTP_526',
    ],
  },
} as const satisfies Record<string, FailureRow>;

export type FailureCategory = keyof typeof failures;
export const failureCategories = Object.keys(failures) as FailureCategory[];

/** Class of a category. */
export const failureClass = (category: FailureCategory): FailureClass => failures[category].class;

/** The category of a vendor's code; `unexpected` for codes that the table does not hold. */
export function categoryOf(system: 'hubspot' | 'salesforce', code: string): FailureCategory {
  const holds = (row: FailureRow): boolean => row[system].includes(code) || row.either.includes(code);
  return failureCategories.find((category) => holds(failures[category])) ?? 'unexpected';
}
