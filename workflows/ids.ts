import { type RecordRef, refKey, type System } from '../core/record-ref.ts';
import type { RunKind } from './run-messages.ts';

/**
 * Ids and task queues of one installation. Public: they stand in histories, schedules and operators' scripts, and never
 * change after a release. All begin with the installation's name.
 */
export const recordSyncId = (installation: string, ref: RecordRef): string => `${installation}/record/${refKey(ref)}`;
export const segmentWatchId = (installation: string, segmentId: string): string =>
  `${installation}/segment/${segmentId}`;
export const pollChangesId = (installation: string, system: System): string => `${installation}/poll/${system}`;
export const applySettingsId = (installation: string): string => `${installation}/settings`;

export const runId = (installation: string, kind: RunKind, object: string, name: string): string =>
  `${installation}/${kind}/${object}/${name}`;
export const scheduleId = (installation: string, name: string): string => `${installation}/schedule/${name}`;

export const lanes = ['live', 'bulk'] as const;
export type Lane = (typeof lanes)[number];
export const taskQueue = (installation: string, lane: Lane): string => `${installation}/${lane}`;
