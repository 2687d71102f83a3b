/** The client library: what `import … from 'tandem-sync'` gives. */

export type { FailureCategory } from '../core/failures.ts';
export type { Outcome, SkipReason, WaitReason } from '../core/outcome.ts';
export { BadRef, type RecordRef, type System } from '../core/record-ref.ts';
export type { ApplySettingsResult, Change, SyncNowAnswer } from '../workflows/messages.ts';
export { type ApiOptions, type HealthView, type RecordView, type RunningSettings, TandemApi } from './api.ts';
export { ApiError } from './api-error.ts';
export { connectTandem, type TandemConnection } from './connect.ts';
export { type Reached, Tandem, type TandemOptions } from './tandem.ts';
