import { Refusal } from './refusal.ts';

/** Any one of these is enough. */
export type Alternatives = readonly string[];

const ownScope: Readonly<Record<string, string>> = { contacts: 'contacts', companies: 'companies', deals: 'deals' };

/** Scopes of records; those of tickets are one for reading and writing. */
function objectScopes(type: string, access: 'read' | 'write'): Alternatives {
  if (type === 'tickets') return ['tickets'];
  return [`crm.objects.${ownScope[type] ?? 'custom'}.${access}`];
}

/**
 * The scopes that a call needs, group by group; of each group one suffices. `typeName` gives a type's name for what
 * stands in a path. https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/scopes
 */
export function scopesOf(method: string, path: string, typeName: (segment: string) => string): Alternatives[] {
  const [, first = '', , third = '', type = '', ...rest] = path.split('/');
  const isReading = method === 'GET' || /\/(search|batch\/read)$/.test(path);
  const access = isReading ? 'read' : 'write';
  if (first === 'crm-object-schemas') return [[`crm.schemas.custom.${access}`]];
  if (first !== 'crm') return [];
  switch (third) {
    case 'objects': {
      const at = rest.indexOf('associations');
      const other = rest.includes('default') ? rest[at + 2] : rest[at + 1];
      const types = at >= 0 && other !== undefined ? [type, other] : [type];
      return types.map((segment) => objectScopes(typeName(segment), access));
    }
    case 'associations':
      return [type, rest[0] ?? ''].map((segment) => objectScopes(typeName(segment), access));
    case 'properties':
      return [
        [
          `crm.schemas.${ownScope[typeName(type)] ?? typeName(type)}.${access}`,
          ...objectScopes(typeName(type), access),
        ],
      ];
    case 'pipelines':
      return [objectScopes(typeName(type), access)];
    case 'lists':
      return [[`crm.lists.${access}`]];
    case 'owners':
      return [['crm.objects.owners.read']];
    default:
      return [];
  }
}

export function missingScopes(required: Alternatives): Refusal {
  return new Refusal(403, {
    message:
      "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: https://developers.hubspot.com/scopes.",
    errors: [
      {
        message: 'One or more of the following scopes are required.',
        context: { requiredGranularScopes: [...required] },
      },
    ],
    links: { scopes: 'https://developers.hubspot.com/scopes' },
    category: 'MISSING_SCOPES',
  });
}
