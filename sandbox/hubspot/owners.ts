import { iso } from './record.ts';

/** Someone who may own a record; `hubspot_owner_id` holds `id`, not `userId`. */
export interface Owner {
  readonly id: string;
  readonly email: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly userId: number;
}

export const defaultOwners: readonly Owner[] = [
  { id: '41629779', email: 'ada@example.com', firstName: 'Ada', lastName: 'Okafor', userId: 9586504 },
  { id: '41629780', email: 'bruno@example.com', firstName: 'Bruno', lastName: 'Keller', userId: 9586505 },
];

export function ownerJson(owner: Owner, createdAt: number): Record<string, unknown> {
  const stamp = iso(createdAt);
  return {
    ...owner,
    type: 'PERSON',
    userIdIncludingInactive: owner.userId,
    createdAt: stamp,
    updatedAt: stamp,
    archived: false,
  };
}
