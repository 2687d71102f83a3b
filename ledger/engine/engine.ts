import type { Dialect } from 'kysely';

/** A database that speaks PostgreSQL. Nothing outside this folder knows which one it is. */
export interface Engine {
  readonly dialect: Dialect;
  /** Where it is, for people; never with a password. */
  readonly place: string;
  /** The key of keyed hashes, where the engine has a place for it outside the database. */
  readonly hmacKey?: Uint8Array;
  /** Called before and after the dialect closes the database. */
  beforeClose?(): Promise<void>;
  afterClose?(): void;
}
