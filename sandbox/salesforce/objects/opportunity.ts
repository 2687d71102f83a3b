import { field, formula, lookup, type Values } from '../fields.ts';
import { ObjectType } from './object-type.ts';
import { leadSources, ownedRecord } from './shared.ts';

/** Stages with the probability that each stands for. Our choice: each org has its own. */
const stages = new Map([
  ['Prospecting', 10],
  ['Qualification', 10],
  ['Proposal', 75],
  ['Negotiation', 90],
  ['Closed Won', 100],
  ['Closed Lost', 0],
]);

const isClosed = ({ StageName }: Values): boolean => String(StageName).startsWith('Closed');

/** Deals. Closed, won and probability follow from the stage. Fresh on each call. */
export const opportunity = (): ObjectType =>
  new ObjectType('Opportunity', {
    keyPrefix: '006',
    labelPlural: 'Opportunities',
    fields: [
      ...ownedRecord('Opportunity').filter(({ name }) => name !== 'MasterRecordId'),
      lookup('AccountId', ['Account'], 'Account'),
      lookup('ContactId', ['Contact'], 'Contact', { updateable: false }),
      field('Name', 'string', { length: 120, nillable: false, nameField: true }),
      field('StageName', 'picklist', {
        label: 'Stage',
        nillable: false,
        picklist: [...stages.keys()],
        restricted: true,
      }),
      field('CloseDate', 'date', { nillable: false }),
      field('Amount', 'currency', { precision: 18, scale: 2 }),
      field('Type', 'picklist', { picklist: ['New Customer', 'Existing Customer'] }),
      field('LeadSource', 'picklist', { picklist: leadSources }),
      field('NextStep', 'string'),
      field('Description', 'textarea', { length: 32_000 }),
      formula('Probability', 'double', '', ({ StageName }) => stages.get(String(StageName)) ?? null, { precision: 3 }),
      formula('IsClosed', 'boolean', '', isClosed, { nillable: false }),
      formula('IsWon', 'boolean', '', ({ StageName }) => StageName === 'Closed Won', { nillable: false }),
    ],
  });
