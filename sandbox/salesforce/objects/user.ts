import { field, formula } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { fullName, id, stamps } from './shared.ts';

/** Those who own records and work on them; API clients only read them. Fresh on each call. */
export const user = (): ObjectType =>
  new ObjectType('User', {
    keyPrefix: '005',
    writable: false,
    fields: [
      id,
      ...stamps,
      field('Username', 'string', { length: 80, nillable: false }),
      field('FirstName', 'string', { length: 40 }),
      field('LastName', 'string', { length: 80, nillable: false }),
      formula('Name', 'string', '', fullName, { label: 'Full Name', length: 121, nameField: true }),
      field('Email', 'email', { length: 128, nillable: false }),
      field('Alias', 'string', { length: 8, nillable: false }),
      field('IsActive', 'boolean', { defaultValue: true, label: 'Active' }),
    ],
  });
