import { Hono } from 'hono';

export interface Health {
  /** What keeps this process from doing its work, one sentence each; empty when it is ready. */
  ready(): Promise<readonly string[]>;
  /** Takes what went wrong inside; whoever asks learns only that something did. */
  log(error: unknown): void;
}

/** `GET /health/live` answers as long as the process does; `/health/ready` with 503 and the problems while it has any. */
export function healthRoutes(health: Health): Hono {
  const app = new Hono();
  app.get('/health/live', (c) => c.json({ live: true }));
  app.get('/health/ready', async (c) => {
    const problems = await readiness(health);
    return c.json({ ready: problems.length === 0, problems }, problems.length === 0 ? 200 : 503);
  });
  return app;
}

/** The problems; never throws. */
export async function readiness({ ready, log }: Health): Promise<readonly string[]> {
  try {
    return await ready();
  } catch (error) {
    log(error);
    return ['The process could not find out whether it is ready: its log says why.'];
  }
}
