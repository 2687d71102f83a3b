import { describe, expect, test } from '@jest/globals';
import { readEnvironment } from '../../workers/environment.ts';
import { startSandboxes } from '../../workers/sandboxes.ts';
import { connectSystems } from '../../workers/systems.ts';

describe('the sandboxes', () => {
  test('take the credentials that they name', async () => {
    const sandboxes = await startSandboxes();
    try {
      const { hubspot, salesforce } = connectSystems(readEnvironment(sandboxes.env, 'connected'));
      expect((await hubspot.reader.account()).portalId).toBe(String(sandboxes.hubspot.portalId));
      expect((await salesforce.reader.account()).orgId).toBe(sandboxes.salesforce.orgId);
    } finally {
      await sandboxes.stop();
    }
  });

  test('leave nothing behind where the second port is taken', async () => {
    const first = await startSandboxes();
    const salesforcePort = Number(new URL(first.env['SALESFORCE_LOGIN_URL'] ?? '').port);
    try {
      await expect(startSandboxes({ salesforcePort })).rejects.toThrow(
        `The Salesforce sandbox can't listen on port ${salesforcePort} (EADDRINUSE): stop what uses it, or choose another with --salesforce-port.`,
      );
      await expect(startSandboxes({ hubspotPort: salesforcePort })).rejects.toThrow('--hubspot-port');
    } finally {
      await first.stop();
    }
  });
});
