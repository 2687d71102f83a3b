// Every export is a workflow type; the names never change.
export { applySettings } from './apply-settings.ts';
export { pollChanges } from './poll-changes.ts';
export { recordSync } from './record-sync.ts';
export { segmentWatch } from './segment-watch.ts';
