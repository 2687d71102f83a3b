import { field } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { id, stamps } from './shared.ts';

/** Queues, which may own leads, cases and custom objects; API clients only read them. Fresh on each call. */
export const group = (): ObjectType =>
  new ObjectType('Group', {
    keyPrefix: '00G',
    writable: false,
    fields: [
      id,
      ...stamps,
      field('Name', 'string', { length: 40, nillable: false, nameField: true }),
      field('DeveloperName', 'string', { length: 80 }),
      field('Type', 'picklist', { nillable: false, picklist: ['Queue', 'Regular', 'Role'], restricted: true }),
      field('Email', 'email', { length: 80 }),
    ],
  });
