/**
 * A shop's service beside Tandem. It tells Tandem of what it has just written into HubSpot, and has Salesforce's new
 * people imported at night.
 *
 *   POST /orders   {"orderId":"o-1","contactId":"51"}                → 202, synced within seconds
 *   POST /orders   {"orderId":"o-1","contactId":"51","wait":true}    → 200 with the outcome
 *   POST /nightly  from the machine's cron                           → 202 with the import's workflow
 *
 * Environment: TEMPORAL_ADDRESS, TANDEM_URL, TANDEM_API_TOKEN, and TANDEM_INSTALLATION where it has another name.
 */
import { createServer, type IncomingMessage } from 'node:http';
import { json } from 'node:stream/consumers';
import { AlreadyRunning, BadRef, connectTandem } from 'tandem-sync';

interface Order {
  readonly orderId: string;
  readonly contactId: string;
  readonly wait?: boolean;
}

const { tandem, close } = await connectTandem();

/** The order's id makes a repeated call one call, on either way. */
async function orderPlaced({ orderId, contactId, wait }: Order) {
  const ref = { system: 'hubspot', object: 'contacts', id: contactId } as const;
  if (wait) return { status: 200, body: await tandem.syncNow(ref, orderId) };
  return { status: 202, body: await tandem.reportChange(ref, { id: orderId }) };
}

/** One import a night: its name is the day, so a second call finds the first one under way. */
async function nightly() {
  const name = `shop-${new Date().toISOString().slice(0, 10)}`;
  try {
    const run = await tandem.startImport({ object: 'contacts', where: 'CreatedDate = LAST_N_DAYS:2', name });
    return { status: 202, body: { workflowId: run.workflowId } };
  } catch (error) {
    if (error instanceof AlreadyRunning) return { status: 200, body: { workflowId: error.workflowId } };
    throw error;
  }
}

async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  try {
    if (request.method === 'POST' && request.url === '/orders')
      return await orderPlaced((await json(request)) as Order);
    if (request.method === 'POST' && request.url === '/nightly') return await nightly();
    return { status: 404, body: { error: 'There is nothing here.' } };
  } catch (error) {
    // A bad id, or an object that the settings don't have: the sentence says what is wrong.
    return { status: error instanceof BadRef ? 400 : 502, body: { error: String(error) } };
  }
}

const server = createServer((request, response) => {
  void answer(request).then(({ status, body }) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
});
server.listen(Number(process.env['PORT'] ?? 8080), '127.0.0.1', () => console.log('listening on', server.address()));
process.once('SIGTERM', () => server.close(() => void close()));
