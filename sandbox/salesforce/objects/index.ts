import { account } from './account.ts';
import { supportCase } from './case.ts';
import { contact } from './contact.ts';
import { group } from './group.ts';
import { lead } from './lead.ts';
import type { ObjectType } from './object-type.ts';
import { opportunity } from './opportunity.ts';
import { user } from './user.ts';

export { ObjectType } from './object-type.ts';

/** The objects of a new org. Fresh on each call. */
export const standardObjects = (): ObjectType[] => [
  account(),
  contact(),
  lead(),
  opportunity(),
  supportCase(),
  user(),
  group(),
];
