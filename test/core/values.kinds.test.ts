import { describe, expect, it } from '@jest/globals';
import { type Kind, kindOf } from '../../core/values.ts';

/** HubSpot type (with field type where it matters), Salesforce type, kind. */
const mappable: readonly (readonly [string, string | undefined, string, Kind])[] = [
  ['enumeration', 'select', 'picklist', 'picklist'],
  ['enumeration', 'radio', 'picklist', 'picklist'],
  ['enumeration', 'select', 'reference', 'picklist'],
  ['enumeration', 'checkbox', 'multipicklist', 'multipicklist'],
  ['enumeration', undefined, 'picklist', 'picklist'],
  ['enumeration', undefined, 'multipicklist', 'multipicklist'],
  ['enumeration', 'booleancheckbox', 'boolean', 'boolean'],
  ['enumeration', 'select', 'string', 'picklist'],
  ['bool', 'booleancheckbox', 'boolean', 'boolean'],
  ['number', 'number', 'double', 'number'],
  ['number', 'number', 'int', 'number'],
  ['number', 'number', 'currency', 'number'],
  ['number', 'number', 'percent', 'number'],
  ['string', 'text', 'string', 'text'],
  ['string', 'text', 'textarea', 'text'],
  ['string', 'textarea', 'textarea', 'text'],
  ['string', 'text', 'phone', 'text'],
  ['phone_number', 'phonenumber', 'phone', 'text'],
  ['string', 'text', 'url', 'text'],
  ['string', 'text', 'email', 'email'],
  ['string', 'text', 'currency', 'number'],
  ['string', 'text', 'picklist', 'picklist'],
  ['date', 'date', 'date', 'date'],
  ['date', 'date', 'datetime', 'hubspotDay@UTC'],
  ['datetime', 'date', 'datetime', 'datetime'],
  ['datetime', 'date', 'date', 'salesforceDay@UTC'],
];

describe('kindOf', () => {
  it.each(mappable)('maps %s (%s) to %s as %s', (hubspot, fieldType, salesforce, kind) => {
    expect(kindOf(hubspot, salesforce, fieldType)).toBe(kind);
  });

  it.each([
    ['enumeration', 'checkbox', 'picklist'],
    ['enumeration', 'select', 'multipicklist'],
    ['enumeration', 'select', 'double'],
    ['bool', 'booleancheckbox', 'string'],
    ['number', 'number', 'string'],
    ['number', 'number', 'picklist'],
    ['string', 'text', 'boolean'],
    ['string', 'text', 'date'],
    ['string', 'text', 'address'],
    ['string', 'text', 'base64'],
    ['date', 'date', 'string'],
    ['json', 'text', 'string'],
    ['object_coordinates', 'text', 'string'],
    ['', undefined, ''],
  ])('refuses %s (%s) with %s', (hubspot, fieldType, salesforce) => {
    expect(kindOf(hubspot, salesforce, fieldType)).toBeUndefined();
  });
});
