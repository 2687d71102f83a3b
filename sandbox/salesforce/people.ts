import type { Clock } from '../common/clock.ts';
import type { Values } from './fields.ts';
import { toId18 } from './ids.ts';
import type { Records } from './records.ts';
import { Refusal, resourceMissing } from './refusal.ts';
import { toStamp } from './stamps.ts';
import type { Row, Store, Table } from './store.ts';
import type { Transactions } from './transactions.ts';
import { UnitOfWork } from './unit-of-work.ts';

export interface PersonOptions {
  /** The user who does it; left out: an administrator. */
  readonly as?: string | undefined;
  /** An open transaction that keeps it invisible until it commits. */
  readonly transaction?: string | undefined;
  /** The moment that goes into the stamps instead of now, in milliseconds; for records that are older than the org. */
  readonly at?: number | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * What people do in the org by its pages, by flows and by other integrations: validated like API calls, stamped with
 * their user, not counted as traffic. Everything that Salesforce would not take throws a `Refusal`.
 */
export class People {
  readonly #store: Store;
  readonly #records: Records;
  readonly #transactions: Transactions;
  readonly #clock: Clock;
  readonly #administrator: string;

  constructor(parts: {
    store: Store;
    records: Records;
    transactions: Transactions;
    clock: Clock;
    administrator: string;
  }) {
    this.#clock = parts.clock;
    this.#store = parts.store;
    this.#records = parts.records;
    this.#transactions = parts.transactions;
    this.#administrator = parts.administrator;
  }

  /** Answers the new record's id. */
  create(type: string, fields: Fields, options: PersonOptions = {}): string {
    return this.#records.create(new UnitOfWork(), this.#table(type).object, fields, this.#actor(options));
  }

  update(type: string, id: string, fields: Fields, options: PersonOptions = {}): void {
    this.#records.update(new UnitOfWork(), this.#row(type, id), fields, this.#actor(options));
  }

  /** Moves a record to the recycle bin. */
  remove(type: string, id: string, options: PersonOptions = {}): void {
    this.#records.remove(new UnitOfWork(), this.#row(type, id), this.#actor(options));
  }

  /** Takes a record out of the recycle bin. */
  undelete(type: string, id: string, options: PersonOptions = {}): void {
    this.#rewrite(this.#row(type, id), { IsDeleted: false }, options);
  }

  /** Empties the recycle bin: what was in it is nowhere to be found any more. */
  emptyRecycleBin(): void {
    for (const table of this.#store.tables()) {
      for (const row of table.rows()) if (row.values?.IsDeleted === true) table.forget(row);
    }
  }

  /** Merges up to two records into another of their type: they go to the recycle bin and name it as their master. */
  merge(type: string, winnerId: string, loserIds: readonly string[], options: PersonOptions = {}): void {
    const winner = this.#row(type, winnerId);
    for (const id of loserIds)
      this.#rewrite(this.#row(type, id), { IsDeleted: true, MasterRecordId: winner.id }, options);
    this.#rewrite(winner, {}, options);
    for (const id of loserIds) this.#reparent(this.#row(type, id).id, winner.id, options);
  }

  /** What pointed at a record that was merged away points at the winner. */
  #reparent(from: string, to: string, options: PersonOptions): void {
    for (const table of this.#store.tables()) {
      const names = table.object
        .allFields()
        .filter(({ type, name }) => type === 'reference' && name !== 'MasterRecordId')
        .map(({ name }) => name);
      for (const row of table.rows()) {
        const moved = names.filter((name) => row.values?.[name] === from);
        if (moved.length > 0) this.#rewrite(row, Object.fromEntries(moved.map((name) => [name, to])), options);
      }
    }
  }

  /** Converts a lead into an account and a contact, new ones unless named; nobody can change the lead afterwards. */
  convertLead(
    id: string,
    into: {
      accountId?: string | undefined;
      contactId?: string | undefined;
      opportunityName?: string | undefined;
    } = {},
    options: PersonOptions = {},
  ): { accountId: string; contactId: string; opportunityId?: string } {
    const lead = this.#row('Lead', id);
    const values = lead.values as Values;
    const accountId = into.accountId ?? this.create('Account', { Name: values.Company }, options);
    const { FirstName, LastName, Email, Phone, MobilePhone, Title } = values;
    const contact = { FirstName, LastName, Email, Phone, MobilePhone, Title, AccountId: accountId };
    const contactId = into.contactId ?? this.create('Contact', contact, options);
    const opportunityId = into.opportunityName && this.#opportunityOf(values, accountId, into.opportunityName, options);
    this.#rewrite(
      lead,
      {
        ...(opportunityId && { ConvertedOpportunityId: opportunityId }),
        Status: 'Closed - Converted',
        IsConverted: true,
        ConvertedDate: toStamp(options.at ?? this.#clock.now()).slice(0, 10),
        ConvertedAccountId: accountId,
        ConvertedContactId: contactId,
      },
      options,
    );
    return { accountId, contactId, ...(opportunityId && { opportunityId }) };
  }

  /** Our choice: at the first stage, to be closed in a quarter. */
  #opportunityOf(lead: Values, AccountId: string, Name: string, options: PersonOptions): string {
    const closing = (options.at ?? this.#clock.now()) + 90 * 86_400_000;
    const { LeadSource } = lead;
    const fields = { Name, AccountId, LeadSource, StageName: 'Prospecting', CloseDate: toStamp(closing).slice(0, 10) };
    return this.create('Opportunity', fields, options);
  }

  #rewrite(row: Row, values: Values, options: PersonOptions): void {
    this.#records.rewrite(new UnitOfWork(), row, values, this.#actor(options));
  }

  #actor({ as, transaction, at }: PersonOptions) {
    if (transaction !== undefined && !this.#transactions.has(transaction)) {
      throw new Refusal(404, 'NOT_FOUND', `No transaction ${transaction} is open.`);
    }
    const userId = as === undefined ? this.#administrator : this.#row('User', as).id;
    return { userId, isApi: false, transaction, at };
  }

  #table(type: string): Table {
    const table = this.#store.table(type);
    if (!table) throw resourceMissing();
    return table;
  }

  #row(type: string, id: string): Row {
    const row = this.#table(type).get(toId18(id) ?? '');
    if (!row) throw resourceMissing();
    return row;
  }
}
