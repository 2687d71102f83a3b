// Apart from what needs the Temporal client, so that the command can tell these errors without loading it.

/** A run of that kind, object and name is under way. */
export class AlreadyRunning extends Error {
  override readonly name = 'AlreadyRunning';
  readonly workflowId: string;

  constructor(workflowId: string) {
    super(`${workflowId} is under way already: wait until it has ended, or give this run another name.`);
    this.workflowId = workflowId;
  }
}

/** A text that can't name a run. */
export class BadName extends Error {
  override readonly name = 'BadName';
}

/** No schedule of the settings has this name. */
export class NoSuchSchedule extends Error {
  override readonly name = 'NoSuchSchedule';
}

/** Names stand in workflow ids and in commands. Throws `BadName`. */
export function checkName(name: string): string {
  if (/^[a-z0-9][a-z0-9_.-]{0,62}$/i.test(name)) return name;
  throw new BadName(`A run's name is a letter or digit, then letters, digits, ".", "-" or "_"; found "${name}".`);
}
