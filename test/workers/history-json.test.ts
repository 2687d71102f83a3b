import { expect, test } from '@jest/globals';
import { historyFromJSON, historyToJSON } from '@temporalio/common/lib/proto-utils.js';

// Fails where npm hoists protobufjs 7, which @grpc/proto-loader wants, above the 8 of the SDK.
test('loads a history from JSON and gives it back', () => {
  const scheduled = {
    taskQueue: { name: 'live', kind: 'TASK_QUEUE_KIND_NORMAL' },
    startToCloseTimeout: '10s',
    attempt: 1,
  };
  const history = historyFromJSON({
    events: [
      {
        eventId: '1',
        eventTime: '2026-01-01T00:00:00Z',
        eventType: 'EVENT_TYPE_WORKFLOW_TASK_SCHEDULED',
        workflowTaskScheduledEventAttributes: scheduled,
      },
    ],
  });
  expect(history.events?.[0]?.workflowTaskScheduledEventAttributes?.taskQueue?.name).toBe('live');
  expect(historyToJSON(history)).toContain('EVENT_TYPE_WORKFLOW_TASK_SCHEDULED');
});
