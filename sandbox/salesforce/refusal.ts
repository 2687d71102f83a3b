/** What Salesforce answers instead of doing: an HTTP status for direct calls, a code and a text in both places. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly status: number;
  readonly code: string;
  /** Present, if empty, on refusals of a record's values; absent on refusals of a call. */
  readonly fields: readonly string[] | undefined;

  constructor(status: number, code: string, message: string, fields?: readonly string[]) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** The body of a direct call's answer. */
  body(): unknown {
    return [{ message: this.message, errorCode: this.code, ...(this.fields && { fields: this.fields }) }];
  }

  /** The entry of a collection's item, which says `statusCode` where a direct call says `errorCode`. */
  item(): { statusCode: string; message: string; fields: readonly string[] } {
    return { statusCode: this.code, message: this.message, fields: this.fields ?? [] };
  }
}

export const resourceMissing = (): Refusal => new Refusal(404, 'NOT_FOUND', 'The requested resource does not exist');

export const recordDeleted = (): Refusal => new Refusal(404, 'ENTITY_IS_DELETED', 'entity is deleted', []);

/** A column that a written record names and the object lacks. */
export const noSuchColumn = (field: string, object: string): Refusal =>
  new Refusal(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`);

export const badId = (label: string, value: string): Refusal =>
  new Refusal(400, 'MALFORMED_ID', `${label}: id value of incorrect type: ${value}`, [label.replace(/ ID$/, 'Id')]);
