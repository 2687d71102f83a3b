import type { Client } from '@temporalio/client';
import type { Tandem } from '../../client/tandem.ts';
import type { System } from '../../core/record-ref.ts';
import { pollChangesId } from '../../workflows/ids.ts';
import { watchStatusQuery } from '../../workflows/messages.ts';
import type { SetUpSystems } from '../set-up.ts';
import type { Narrator } from './narrator.ts';

/** What the story plays on: two sandboxes, and a Tandem that runs on them without settings. */
export interface Stage {
  readonly urls: Readonly<Record<System, string>>;
  readonly systems: SetUpSystems;
  readonly tandem: Pick<Tandem, 'applySettings' | 'getRecord' | 'startImport' | 'run' | 'schedules'>;
  readonly temporal: Client;
  readonly installation: string;
  /** Left out where nobody knows it; then workflows are told by their ids. */
  readonly temporalUiUrl?: string | undefined;
  readonly narrator: Narrator;
  /** The longest that a step waits; after that it is judged as things are. */
  readonly patienceMs?: number;
  readonly signal?: AbortSignal;
}

/** Where a person reads what a workflow does just now. */
export async function pageOf(
  { temporal, temporalUiUrl }: Pick<Stage, 'temporal' | 'temporalUiUrl'>,
  workflowId: string,
): Promise<string> {
  if (!temporalUiUrl) return `workflow ${workflowId}`;
  const { runId } = await temporal.workflow.getHandle(workflowId).describe();
  const namespace = temporal.options.namespace;
  return `${temporalUiUrl}/namespaces/${namespace}/workflows/${encodeURIComponent(workflowId)}/${runId}/user-metadata`;
}

/** Where a person sees when a schedule ran, and pauses it. */
export function schedulePageOf(
  { temporal, temporalUiUrl }: Pick<Stage, 'temporal' | 'temporalUiUrl'>,
  id: string,
): string {
  if (!temporalUiUrl) return `schedule ${id}`;
  return `${temporalUiUrl}/namespaces/${temporal.options.namespace}/schedules/${encodeURIComponent(id)}`;
}

/** How often a poll or a watch has looked. */
export async function roundsOf(temporal: Client, workflowId: string): Promise<number> {
  return (await temporal.workflow.getHandle(workflowId).query(watchStatusQuery)).rounds;
}

/** Answers a question that turns true when both polls have looked twice more: what there was to see has been seen. */
export async function afterTwoMorePolls({
  temporal,
  installation,
}: Pick<Stage, 'temporal' | 'installation'>): Promise<() => Promise<boolean>> {
  const polls = (['hubspot', 'salesforce'] as const).map((system) => pollChangesId(installation, system));
  const look = () => Promise.all(polls.map((id) => roundsOf(temporal, id)));
  const before = await look();
  return async () => (await look()).every((rounds, i) => rounds >= (before[i] ?? 0) + 2);
}
