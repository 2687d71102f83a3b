import { iso } from './record.ts';

/** Someone who may own a record; `hubspot_owner_id` holds `id`, not `userId`. */
export interface Owner {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  /** None where the user was removed, and for a queue. */
  readonly userId: number | null;
  readonly type?: 'PERSON' | 'QUEUE';
  /** The user was deactivated. */
  readonly archived?: boolean;
}

export const defaultOwners: readonly Owner[] = [
  { id: '41629779', email: 'ada@example.com', firstName: 'Ada', lastName: 'Okafor', userId: 9586504 },
  { id: '41629780', email: 'bruno@example.com', firstName: 'Bruno', lastName: 'Keller', userId: 9586505 },
];

export function ownerJson(owner: Owner, createdAt: number): Record<string, unknown> {
  const stamp = iso(createdAt);
  const { archived = false, type = 'PERSON', userId, ...rest } = owner;
  return {
    ...rest,
    type,
    userId: archived ? null : userId,
    userIdIncludingInactive: userId,
    createdAt: stamp,
    updatedAt: stamp,
    archived,
  };
}
