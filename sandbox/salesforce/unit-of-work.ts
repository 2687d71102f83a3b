import type { FieldWrite, Traffic } from '../common/traffic.ts';

interface Step {
  readonly undo: () => void;
  readonly write: { kind: FieldWrite['kind']; type: string; id: string; fields: readonly string[] } | undefined;
}

/** What one call has done so far: can be taken back to a mark, and is counted as traffic when it stands. */
export class UnitOfWork {
  #steps: Step[] = [];

  did(undo: Step['undo'], write?: Step['write']): void {
    this.#steps.push({ undo, write });
  }

  mark(): number {
    return this.#steps.length;
  }

  /** Undoes everything since a mark, the last first. */
  rollBack(mark: number): void {
    for (const step of this.#steps.splice(mark).reverse()) step.undo();
  }

  /** Notes the writes that stand. */
  finish(traffic: Traffic): void {
    for (const { write } of this.#steps) if (write) traffic.wrote(write.kind, write.type, write.id, write.fields);
    this.#steps = [];
  }
}
