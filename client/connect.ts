import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { TandemApi } from './api.ts';
import { Tandem } from './tandem.ts';

export interface TandemConnection extends AsyncDisposable {
  readonly tandem: Tandem;
  close(): Promise<void>;
}

/**
 * Connects a service to an installation: Temporal by its SDK's standard variables or `temporal.toml`, Tandem by
 * `TANDEM_URL` (default `http://127.0.0.1:4000`), `TANDEM_API_TOKEN` and `TANDEM_INSTALLATION` (default `tandem`). Give
 * what differs from the environment. Rejects where Temporal does not answer.
 */
export async function connectTandem(
  options: { readonly url?: string; readonly token?: string; readonly installation?: string } = {},
): Promise<TandemConnection> {
  const { TANDEM_URL, TANDEM_API_TOKEN, TANDEM_INSTALLATION } = process.env;
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = await Connection.connect(connectionOptions);
  const temporal = new Client({ connection, ...(namespace === undefined ? {} : { namespace }) });
  const api = new TandemApi({
    url: options.url ?? TANDEM_URL ?? 'http://127.0.0.1:4000',
    token: options.token ?? TANDEM_API_TOKEN ?? '',
  });
  const installation = options.installation ?? TANDEM_INSTALLATION ?? 'tandem';
  const close = (): Promise<void> => connection.close();
  return { tandem: new Tandem({ temporal, api, installation }), close, [Symbol.asyncDispose]: close };
}
