// Every export is a workflow type; the names never change.
export { applySettings } from './apply-settings.ts';
export { catchUp } from './catch-up.ts';
export { importRecords } from './import-records.ts';
export { pollChanges } from './poll-changes.ts';
export { reconcile } from './reconcile.ts';
export { recordSync } from './record-sync.ts';
export { resyncSegment } from './resync-segment.ts';
export { segmentWatch } from './segment-watch.ts';
