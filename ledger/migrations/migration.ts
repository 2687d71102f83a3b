/** One step of the schema. Once released it never changes: later steps come under the next number. */
export interface Migration {
  /** 1, 2, 3 and so on without a gap. */
  readonly number: number;
  readonly name: string;
  /** Run in this order, all steps that are missing in one transaction. */
  readonly statements: readonly string[];
}
