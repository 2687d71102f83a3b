/** One entry of `errors` in HubSpot's error envelope. */
export interface ErrorDetail {
  readonly message: string;
  readonly code?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
}

/**
 * HubSpot's error envelope without what is known only when it is sent. "All fields should be treated as optional":
 * several real answers have no category.
 * https://developers.hubspot.com/docs/api-reference/error-handling
 */
export interface ErrorBody {
  readonly message: string;
  readonly category?: string;
  readonly subCategory?: string;
  readonly context?: Readonly<Record<string, readonly string[]>>;
  readonly errors?: readonly ErrorDetail[];
  readonly links?: Readonly<Record<string, string>>;
  readonly errorType?: string;
  readonly policyName?: string;
  readonly groupName?: string;
  readonly requestId?: string;
}

/** HubSpot says no: an HTTP status and the body that goes with it. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: 400 | 401 | 403 | 404 | 409 | 414 | 423 | 429;
  readonly body: ErrorBody;

  constructor(status: Refusal['status'], body: ErrorBody) {
    super(body.message);
    this.status = status;
    this.body = body;
  }
}

export function validationError(message: string, more: Omit<ErrorBody, 'message' | 'category'> = {}): Refusal {
  return new Refusal(400, { message, category: 'VALIDATION_ERROR', ...more });
}

/** A property value that HubSpot does not take. */
export interface BadValue {
  readonly name: string;
  readonly code: string;
  readonly message: string;
}

/** The 400 of bad property values: the message repeats the details as JSON text. */
export function badValues(values: readonly BadValue[], portalId: number): Refusal {
  const text = JSON.stringify(
    values.map(({ name, code, message }) => ({
      isValid: false,
      message,
      error: code,
      name,
      localizedErrorMessage: message,
      portalId,
    })),
  );
  return validationError(`Property values were not valid: ${text}`, {
    errors: values.map(({ name, code, message }) => ({ message, code, context: { propertyName: [name] } })),
  });
}

/** A record that is not there, by the two bodies that HubSpot has for it. */
export function recordNotFound(id: string): Refusal {
  if (/^\d+$/.test(id)) return new Refusal(404, { message: 'resource not found' });
  return new Refusal(404, {
    message: 'Object not found.  objectId are usually numeric.',
    category: 'OBJECT_NOT_FOUND',
    context: { id: [id] },
  });
}

export const unauthorized = new Refusal(401, {
  message:
    'Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview',
  category: 'INVALID_AUTHENTICATION',
});
