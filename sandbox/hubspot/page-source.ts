import type { PageSource } from '../common/page.ts';
import type { Account } from './account.ts';
import { valueOf } from './record.ts';

/** What the page shows of an account. */
export const pageSource = (account: Account): PageSource => ({
  vendor: 'HubSpot',
  values: 'properties',
  types: () => account.types.map(({ name }) => name),
  list: (type) => {
    const records = account.recordsOf(type);
    const columns = [
      'email',
      'name',
      'firstname',
      'lastname',
      'dealname',
      'subject',
      'lifecyclestage',
      'jobtitle',
    ].filter((name) => records.properties.get(name) !== undefined);
    return {
      columns,
      rows: [...records.after(undefined)]
        .filter(({ archivedAt }) => archivedAt === undefined)
        .map((record) => ({ id: record.id, values: columns.map((name) => valueOf(record, name) ?? '') })),
    };
  },
  record: (type, id) => {
    const records = account.recordsOf(type);
    const record = records.find(id);
    return (
      record &&
      [...records.properties.all()].map(({ name, readOnly }) => ({
        name,
        value: valueOf(record, name) ?? '',
        writable: !readOnly,
      }))
    );
  },
  segments: () =>
    account.lists.all().map((list) => ({
      listId: list.listId,
      name: list.name,
      objectTypeId: list.objectTypeId,
      processingType: list.processingType,
      processingStatus: list.processingStatus,
      filterBranch: list.definition?.branch ?? null,
      members: list.byRecord().map(({ recordId }) => recordId),
    })),
});
