import type { Finding, StepText, Table } from './narrator.ts';

/** A step that has begun. */
export interface UnderWay {
  /** Whether there is nothing more to wait for. */
  readonly isOver: () => Promise<boolean>;
  /** What the sandboxes show then. */
  readonly judge: () => Promise<readonly Finding[]>;
  /** What Tandem itself says of it, for people to see; nothing is judged by it. */
  readonly shows?: () => Promise<Table>;
}

export interface Step extends StepText {
  readonly act: () => Promise<UnderWay>;
  /** What a person may want to look at before the story goes on. */
  readonly pause?: string;
}
