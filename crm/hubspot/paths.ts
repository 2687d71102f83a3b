/**
 * Every path of HubSpot's API that we call. Its version stands here and nowhere else; the dated form that follows v3
 * puts the version behind the family: `/crm/objects/2026-09/{type}`, `/crm/lists/2026-09`.
 * https://developers.hubspot.com/docs/developer-tooling/platform/versioning
 */
const segment = encodeURIComponent;
const objects = (type: string): string => `/crm/v3/objects/${segment(type)}`;
const lists = '/crm/v3/lists';
const associations = (from: string, to: string): string => `/crm/v4/associations/${segment(from)}/${segment(to)}`;

export const paths = {
  account: '/account-info/v3/details',
  batchRead: (type: string) => `${objects(type)}/batch/read`,
  batchCreate: (type: string) => `${objects(type)}/batch/create`,
  batchUpdate: (type: string) => `${objects(type)}/batch/update`,
  batchArchive: (type: string) => `${objects(type)}/batch/archive`,
  record: (type: string, id: string) => `${objects(type)}/${segment(id)}`,
  owners: '/crm/v3/owners',
  associationsRead: (from: string, to: string) => `${associations(from, to)}/batch/read`,
  associationsCreate: (from: string, to: string) => `${associations(from, to)}/batch/create`,
  associationsEnd: (from: string, to: string) => `${associations(from, to)}/batch/labels/archive`,
  associationLabels: (from: string, to: string) => `${associations(from, to)}/labels`,
  search: (type: string) => `${objects(type)}/search`,
  lists,
  listByName: (typeId: string, name: string) => `${lists}/object-type-id/${segment(typeId)}/name/${segment(name)}`,
  listSearch: `${lists}/search`,
  members: (listId: string) => `${lists}/${segment(listId)}/memberships`,
  joins: (listId: string) => `${lists}/${segment(listId)}/memberships/join-order`,
  memberships: `${lists}/records/memberships/batch/read`,
  properties: (type: string) => `/crm/v3/properties/${segment(type)}`,
} as const;

/** A path with ids and names left out, for messages and counts. */
export const routeOf = (path: string): string => path.replace(/(?<=\/name)\/.*|\/\d+(?=\/|$)/g, '/{id}');
