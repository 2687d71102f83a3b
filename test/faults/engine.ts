import { createEngine } from '../../activities/index.ts';
import { defaultTiming } from '../../workflows/messages.ts';
import type { World } from '../e2e/world.ts';

/** An engine on a world's own parts, as another of its workers would have it. */
export const engineOf = (world: World) =>
  createEngine({
    ...world.systems(),
    ledger: world.ledger,
    client: world.temporal.client,
    installation: world.installation,
    timing: { ...defaultTiming, ...world.options.timing },
    definitions: new Map(),
  });
