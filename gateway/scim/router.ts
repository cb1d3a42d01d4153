import type { DirectoryGroups } from '../app/directory/groups.ts';
import type { DirectoryUsers } from '../app/directory/users.ts';
import { createBulk } from './bulk.ts';
import type { RunOperation } from './endpoint.ts';
import { createGroupsEndpoint } from './groups-endpoint.ts';
import { toListResponse } from './list-query.ts';
import { resourceTypeDocuments, schemaDocuments, serviceProviderConfig } from './schemas.ts';
import { ScimError, unknownResource } from './scim-error.ts';
import { createUsersEndpoint } from './users-endpoint.ts';

interface RouterDeps {
  readonly users: DirectoryUsers;
  readonly groups: DirectoryGroups;
  /** Address of this face, without a trailing slash. */
  readonly base: string;
}

const COLLECTION_ROUTES = ['get /*', 'post /*', 'post /*/.search', 'get /*/:id', 'put /*/:id', 'patch /*/:id', 'delete /*/:id'] as const;

/** What the router answers, method and path below the face's address. */
export const SCIM_ROUTES: readonly string[] = [
  ...['Users', 'Groups'].flatMap((name) => COLLECTION_ROUTES.map((route) => route.replace('*', name))),
  'post /Bulk',
  'get /ServiceProviderConfig',
  ...['Schemas', 'ResourceTypes'].flatMap((name) => [`get /${name}`, `get /${name}/:id`]),
];

/** From a path below the face's address to what answers there. */
export function createRouter({ base, groups, users }: RouterDeps): RunOperation {
  const collections = { Users: createUsersEndpoint(users, base), Groups: createGroupsEndpoint(groups, users, base) };
  const documents = { Schemas: schemaDocuments(base), ResourceTypes: resourceTypeDocuments(base) };

  const resources: RunOperation = async ({ path, ...request }) => {
    const [, collection = '', id, ...rest] = path.split('/');
    if ((collection !== 'Users' && collection !== 'Groups') || rest.length > 0) throw unknownResource(path);
    if (id === '.search' && request.method === 'POST') {
      return collections[collection]({ ...request, method: 'GET', id: null, query: toQuery(request.body) });
    }
    return collections[collection]({ ...request, id: id === undefined || id === '' ? null : decode(id) });
  };
  const bulk = createBulk(resources, base);

  return async (request) => {
    const { method, path } = request;
    if (path === '/Bulk') {
      if (method !== 'POST') throw new ScimError(405, null, 'This address takes POST.');
      return bulk(request);
    }
    const [, name = '', id] = path.split('/');
    const isDocument = name === 'ServiceProviderConfig' || name === 'Schemas' || name === 'ResourceTypes';
    if (!isDocument) return resources(request);
    if (method !== 'GET') throw new ScimError(405, null, 'This address takes GET.');
    if (name === 'ServiceProviderConfig') return { status: 200, body: serviceProviderConfig(base) };
    // RFC 7644 4: these lists are not filtered.
    if (request.query.has('filter')) throw new ScimError(403, null, 'This list takes no filter.');
    const list = documents[name];
    if (id === undefined || id === '') return { status: 200, body: toListResponse(list, list.length, 1) };
    const document = list.find((one) => one.id === decode(id));
    if (document === undefined) throw unknownResource(id);
    return { status: 200, body: document };
  };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw unknownResource(text);
  }
}

/** RFC 7644 3.4.3: a query as a body, for filters that should stand in no address. */
function toQuery(body: Readonly<Record<string, unknown>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['filter', 'sortBy', 'sortOrder', 'startIndex', 'count', 'attributes', 'excludedAttributes']) {
    const value = body[name];
    if (typeof value === 'string' || typeof value === 'number') query.set(name, String(value));
    if (Array.isArray(value)) query.set(name, value.join(','));
  }
  return query;
}
