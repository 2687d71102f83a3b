/** What one look at a sandbox showed, and whether it is as it has to be. */
export interface Finding {
  readonly isTrue: boolean;
  readonly says: string;
}

/** A step as it is told before it happens. */
export interface StepText {
  /** Names the step, also where it fails. */
  readonly title: string;
  readonly does: string;
  readonly expects: string;
  readonly waitsFor: string;
}

export interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

export interface StepResult {
  readonly title: string;
  /** What Tandem says of the step, where it says something by itself. */
  readonly table?: Table | undefined;
  readonly findings: readonly Finding[];
}

export const cameTrue = ({ findings }: StepResult): boolean => findings.every(({ isTrue }) => isTrue);

/** Whoever tells the story while it happens. */
export interface Narrator {
  /** Something was got ready before the first step. */
  prepared(text: string): void;
  begins(number: number, step: StepText): void;
  /** Shows that something is waited for, until it is there. */
  waits<T>(what: string, work: () => Promise<T>): Promise<T>;
  ends(result: StepResult): void;
  /** Time to look at something before the story goes on; resolves at once where nobody looks. */
  pauses(invitation: string): Promise<void>;
}
