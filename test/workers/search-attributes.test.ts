import { expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import {
  ensureSearchAttributes,
  type SearchAttributesServer,
  searchAttributeNames,
} from '../../workers/temporal/search-attributes.ts';
import { startTemporalServer } from '../../workers/temporal/server.ts';
import { temporaryFolder } from '../support/folders.ts';
import { temporalCli } from '../support/temporal-cli.ts';

const keyword = 2;
const text = 1;

/** A server that holds these attributes, and refuses more with an error such as gRPC gives. */
function refusing(held: Record<string, number>): SearchAttributesServer {
  const refusal = Object.assign(new Error('7 PERMISSION_DENIED: no'), { code: 7, details: 'Request unauthorized.' });
  return {
    operatorService: {
      listSearchAttributes: () => Promise.resolve({ customAttributes: held }),
      addSearchAttributes: () => Promise.reject(refusal),
    } as unknown as SearchAttributesServer['operatorService'],
  };
}

const all = Object.fromEntries(searchAttributeNames.map((name) => [name, keyword]));

test('asks nothing of a server that has them all', async () => {
  await expect(ensureSearchAttributes(refusing(all), 'sync')).resolves.toBeUndefined();
});

test('names what is missing, why, and the command, where the server refuses', async () => {
  const { SyncReason: _, SegmentId: __, ...held } = all;
  await expect(ensureSearchAttributes(refusing(held), 'sync')).rejects.toThrow(
    'Namespace sync of Temporal lacks the search attributes SyncReason, SegmentId and did not let Tandem add them (Request unauthorized.): add them with "temporal operator search-attribute create --namespace sync --name SyncReason --type Keyword --name SegmentId --type Keyword"',
  );
});

test('refuses one that exists with another type', async () => {
  await expect(ensureSearchAttributes(refusing({ ...all, HubSpotId: text }), 'sync')).rejects.toThrow(
    'holds search attributes of another type than Keyword (HubSpotId)',
  );
});

test('adds to a real server what is missing, once', async () => {
  const folder = await temporaryFolder();
  const server = await startTemporalServer({ cli: await temporalCli(), folder, database: 'memory' });
  const connection = await Connection.connect({ address: server.address });
  try {
    await ensureSearchAttributes(connection, 'default', ['Extra', 'SyncObject']);
    await ensureSearchAttributes(connection, 'default', ['Extra', 'SyncObject']);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
    expect(customAttributes).toMatchObject({ ...all, Extra: keyword });
  } finally {
    await connection.close();
    await server.stop();
  }
});
