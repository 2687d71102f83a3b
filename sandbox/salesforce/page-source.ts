import type { PageSource } from '../common/page.ts';
import type { FieldValue } from './fields.ts';
import type { Store } from './store.ts';

const people: readonly string[] = ['Contact', 'Lead'];
const telling = ['Name', 'Email', 'Title', 'Company', 'StageName', 'Subject'];

/** What the page shows of an org. */
export const pageSource = (store: Store): PageSource => ({
  vendor: 'Salesforce',
  values: 'fields',
  types: () => {
    const names = store.tables().map(({ object }) => object.name);
    return [...people, ...names.filter((name) => !people.includes(name))];
  },
  list: (type) => {
    const table = store.table(type);
    const columns = telling.filter((name) => table?.object.field(name));
    return {
      columns,
      rows: [...(table?.rows() ?? [])].flatMap(({ id, values }) =>
        values && values.IsDeleted !== true ? [{ id, values: columns.map((name) => shown(values[name])) }] : [],
      ),
    };
  },
  record: (type, id) => {
    const table = store.table(type);
    const values = table?.get(id)?.values;
    return (
      values &&
      table?.object
        .allFields()
        .map(({ name, updateable }) => ({ name, value: shown(values[name]), writable: updateable }))
    );
  },
});

const shown = (value: FieldValue | undefined): string => (value === null || value === undefined ? '' : String(value));
