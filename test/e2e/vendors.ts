import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { System } from '../../core/record-ref.ts';
import { createHubSpot } from '../../crm/hubspot/index.ts';
import { createSalesforce } from '../../crm/salesforce/index.ts';
import { type Host, serve } from '../../sandbox/common/host.ts';
import { createHubSpotSandbox, type HubSpotSandbox } from '../../sandbox/hubspot/hubspot-sandbox.ts';
import type { Send } from '../../sandbox/hubspot/webhooks/deliveries.ts';
import { createSalesforceSandbox, type SalesforceSandbox } from '../../sandbox/salesforce/salesforce-sandbox.ts';
import { checkedDoor, sampled } from '../contracts/contract.ts';
import { hubspotContract } from '../contracts/hubspot.ts';
import { salesforceContract } from '../contracts/salesforce.ts';
import { Doorkeeper } from '../support/doorkeeper.ts';

/** A segment of customers, as a person defines it in HubSpot. */
export const customersOnly = {
  filterBranchType: 'OR',
  filterBranches: [
    {
      filterBranchType: 'AND',
      filterBranches: [],
      filters: [
        {
          filterType: 'PROPERTY',
          property: 'lifecyclestage',
          operation: { operationType: 'ENUMERATION', operator: 'IS_ANY_OF', values: ['customer'] },
        },
      ],
    },
  ],
  filters: [],
};

export interface OpenVendors {
  readonly hubspot: HubSpotSandbox;
  readonly salesforce: SalesforceSandbox;
  readonly doors: Readonly<Record<System, Doorkeeper>>;
  readonly hosts: Readonly<Record<System, Host>>;
}

/** Both sandboxes over HTTP, with a keeper at each door. */
export async function openVendors(send?: Send): Promise<OpenVendors> {
  const hubspot = createHubSpotSandbox(send ? { send } : {});
  hubspot.setEvaluation({ manual: true });
  const salesforce = createSalesforceSandbox();
  const doors = {
    hubspot: new Doorkeeper(checkedDoor({ door: hubspot.door, faults: hubspot.faults }, hubspotContract, sampled)),
    salesforce: new Doorkeeper(
      checkedDoor({ door: salesforce.door, faults: salesforce.faults }, salesforceContract, sampled),
    ),
  };
  const hosts = { hubspot: await serve(doors.hubspot), salesforce: await serve(doors.salesforce) };
  return { hubspot, salesforce, doors, hosts };
}

/** What a test does with the two systems. HubSpot evaluates segments only when it says so. */
export class Vendors {
  readonly hubspot: HubSpotSandbox;
  readonly salesforce: SalesforceSandbox;
  readonly doors: OpenVendors['doors'];
  readonly #hosts: OpenVendors['hosts'];

  constructor({ hubspot, salesforce, doors, hosts }: OpenVendors) {
    this.hubspot = hubspot;
    this.salesforce = salesforce;
    this.doors = doors;
    this.#hosts = hosts;
  }

  get urls(): Readonly<Record<System, string>> {
    return { hubspot: this.#hosts.hubspot.url, salesforce: this.#hosts.salesforce.url };
  }

  /** Both systems by the vendors' clients, as a worker has them. */
  clients(requestTimeoutMs: number) {
    return {
      hubspot: createHubSpot({ baseUrl: this.urls.hubspot, accessToken: this.hubspot.accessToken, requestTimeoutMs }),
      salesforce: createSalesforce({
        loginUrl: this.urls.salesforce,
        auth: { clientId: 'sandbox', clientSecret: 'sandbox' },
        requestTimeoutMs,
      }),
      requestTimeoutMs,
    };
  }

  /** The two id fields, as `tandem setup` and an admin make them. */
  async addKeys(type = 'contacts', objects: readonly string[] = ['Contact', 'Lead']): Promise<void> {
    const { hubspot } = this.clients(5_000);
    await hubspot.reader.createUniqueProperty(type, 'tandem_salesforce_id', 'Salesforce id');
    for (const object of objects) {
      this.salesforce.addField({
        object,
        name: 'Tandem_HubSpot_Id__c',
        type: 'text',
        length: 32,
        externalId: true,
        unique: true,
        scale: 0,
        caseSensitive: false,
        values: [],
        restricted: true,
      });
    }
    this.clearTraffic();
  }

  /** A segment of customers, evaluated. */
  createSegment(filterBranch: unknown = customersOnly): string {
    const id = this.hubspot.people.createList({ name: `Segment ${randomBytes(4).toString('hex')}`, filterBranch });
    this.hubspot.runEvaluation();
    return id;
  }

  /** Calls and writes count from here on. */
  clearTraffic(): void {
    this.hubspot.traffic.clear();
    this.salesforce.traffic.clear();
  }

  /** Fields that Tandem wrote to a record, by the sandbox's own count. */
  writes(system: System, id?: string): string[] {
    return this[system].traffic.writes.filter((write) => id === undefined || write.id === id).map(({ field }) => field);
  }

  /** Closes the doors. Fails where anything was asked that the sandboxes don't play. */
  async closeVendors(): Promise<void> {
    this.hubspot.stop();
    await Promise.all(Object.values(this.#hosts).map((host) => host.close()));
    expect(this.hubspot.traffic.unmodelled).toEqual([]);
    expect(this.salesforce.traffic.unmodelled).toEqual([]);
  }
}
