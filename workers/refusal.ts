import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { ObjectSettings, Settings } from '../core/settings/settings.ts';
import type { Ledger, SettingsVersion } from '../ledger/index.ts';

/** A request that is not done, with a stable name and a sentence for people. */
export class Refusal extends Error {
  override readonly name: string;
  readonly status: ContentfulStatusCode;

  constructor(status: ContentfulStatusCode, name: string, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

/** The settings that run. Refuses where none do. */
export async function settingsThatRun(ledger: Ledger): Promise<SettingsVersion> {
  const current = await ledger.settings.current();
  if (current) return current;
  throw new Refusal(404, 'NoSettings', 'No settings run yet: apply some with `tandem settings apply`.');
}

/** An object of the settings that run. Refuses one that they don't have. */
export function knownObject({ objects }: Settings, name: string): ObjectSettings {
  const object = Object.hasOwn(objects, name) ? objects[name] : undefined;
  if (object) return object;
  const known = Object.keys(objects).join(', ');
  throw new Refusal(400, 'UnknownObject', `"${name}" is not in the settings that run; known: ${known}.`);
}
