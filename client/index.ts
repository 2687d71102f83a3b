/** The client library: what `import … from 'tandem-sync'` gives. */

export type { FailureCategory } from '../core/failures.ts';
export type { Outcome, SkipReason, WaitReason } from '../core/outcome.ts';
export { BadRef, type RecordRef, type System } from '../core/record-ref.ts';
export type { ApplySettingsResult, Change, SyncNowAnswer } from '../workflows/messages.ts';
export type { RunResult, RunStatus } from '../workflows/run-messages.ts';
export {
  type ApiOptions,
  type ExplanationView,
  type HealthView,
  type PreviewRequest,
  type RecordView,
  type RunDetail,
  type RunFilter,
  type RunningSettings,
  type RunPreview,
  type RunView,
  type SegmentChange,
  type SegmentDetail,
  type SegmentRequest,
  type SegmentView,
  TandemApi,
} from './api.ts';
export { ApiError } from './api-error.ts';
export { connectTandem, type TandemConnection } from './connect.ts';
export { AlreadyRunning, BadName, NoSuchSchedule } from './errors.ts';
export type { PauseTarget } from './pause.ts';
export type { StartedRun } from './run.ts';
export type { Schedules, ScheduleView } from './schedules.ts';
export {
  type Reached,
  type ResyncSegment,
  type StartImport,
  Tandem,
  type TandemOptions,
} from './tandem.ts';
