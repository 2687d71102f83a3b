import { parseRefKey, type RecordRef, refKey, type System } from '../core/record-ref.ts';

/**
 * Ids and task queues of one installation. Public: they stand in histories, schedules and operators' scripts, and never
 * change after a release. All begin with the installation's name.
 */
export const recordSyncId = (installation: string, ref: RecordRef): string => `${installation}/record/${refKey(ref)}`;
/** The record that names a `recordSync`. Throws `BadRef` for other ids. */
export const recordOfWorkflow = (workflowId: string): RecordRef => parseRefKey(workflowId.split('/record/')[1] ?? '');
export const segmentWatchId = (installation: string, segmentId: string): string =>
  `${installation}/segment/${segmentId}`;
export const pollChangesId = (installation: string, system: System): string => `${installation}/poll/${system}`;
export const applySettingsId = (installation: string): string => `${installation}/settings`;

export const lanes = ['live', 'bulk'] as const;
export type Lane = (typeof lanes)[number];
export const taskQueue = (installation: string, lane: Lane): string => `${installation}/${lane}`;
