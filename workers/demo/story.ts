import { setTimeout as delay } from 'node:timers/promises';
import { cameTrue, type StepResult } from './narrator.ts';
import { type Cast, prepare } from './prepare.ts';
import type { Stage } from './stage.ts';
import type { UnderWay } from './step.ts';
import { stepsOf } from './steps.ts';

export interface ToldStory {
  readonly steps: readonly StepResult[];
  /** The title of the step that did not come true; undefined where all did. */
  readonly failed: string | undefined;
  readonly cast: Cast;
}

/**
 * Tells the story of one segment while it really happens. What came true is judged by what the two sandboxes hold and
 * by their own counts of writes; Tandem is only asked whether it has looked. Ends with the first step that does not come
 * true.
 */
export async function tellStory(stage: Stage): Promise<ToldStory> {
  const { narrator } = stage;
  const cast = await prepare(stage);
  const told: StepResult[] = [];
  for (const step of stepsOf(stage, cast)) {
    narrator.begins(told.length + 1, step);
    const underWay = await step.act();
    await narrator.waits(step.waitsFor, () => until(underWay.isOver, stage));
    const result = { title: step.title, findings: await underWay.judge(), table: await underWay.shows?.() };
    told.push(result);
    narrator.ends(result);
    if (!cameTrue(result)) return { steps: told, failed: step.title, cast };
    if (step.pause) await narrator.pauses(step.pause);
  }
  return { steps: told, failed: undefined, cast };
}

/** Asks until the answer is yes or the patience is over. */
async function until(isOver: UnderWay['isOver'], { patienceMs = 120_000, signal }: Stage): Promise<void> {
  const giveUpAt = performance.now() + patienceMs;
  while (!(await isOver()) && performance.now() < giveUpAt) await delay(250, undefined, signal && { signal });
}
