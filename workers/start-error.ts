/** Something could not be started. The message is one sentence for people: what is wrong, where, and what to do. */
export class StartError extends Error {
  override name = 'StartError';
}
