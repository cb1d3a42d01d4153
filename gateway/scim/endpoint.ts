import type { DirectoryClient } from '../app/directory/types.ts';
import { project, readProjection } from './projection.ts';
import { ScimError, type ScimReply } from './scim-error.ts';
import { versionTag } from './user-resource.ts';

export interface ScimRequest {
  readonly client: DirectoryClient;
  readonly method: string;
  /** Id of the resource; null at the collection. */
  readonly id: string | null;
  readonly query: URLSearchParams;
  /** Of POST, PUT and PATCH. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Null = any; a version that nothing has where the header cannot be read. */
  readonly ifMatch: number | null;
}

/** With the path below the face's address. */
export type RoutedRequest = Omit<ScimRequest, 'id'> & { readonly path: string };

/** @throws ScimError */
export type RunOperation = (request: RoutedRequest) => Promise<ScimReply>;

/** @throws ScimError */
export type ScimEndpoint = (request: ScimRequest) => Promise<ScimReply>;

/** What can be asked of a kind of resource. */
export interface ResourceKind {
  list(request: ScimRequest): Promise<object>;
  create(request: ScimRequest): Promise<ScimReply>;
  /** Of one of them, by method. */
  readonly one: Readonly<Record<string, (request: ScimRequest, id: string) => Promise<ScimReply>>>;
}

export function createEndpoint(kind: ResourceKind): ScimEndpoint {
  return async (request) => {
    const { id, method } = request;
    if (id !== null) {
      const handle = kind.one[method];
      if (handle === undefined) throw new ScimError(405, null, 'This address takes GET, PUT, PATCH and DELETE.');
      return handle(request, id);
    }
    if (method === 'GET') return { status: 200, body: await kind.list(request) };
    if (method !== 'POST') throw new ScimError(405, null, 'This address takes GET and POST.');
    return kind.create(request);
  };
}

interface Found {
  readonly resource: Readonly<Record<string, unknown>>;
  readonly location: string;
  readonly version: number;
}

/** One resource, as much of it as was asked for. */
export function toResourceReply({ location, resource, version }: Found, status: number, query: URLSearchParams): ScimReply {
  return { status, body: project(resource, readProjection(query)), headers: { etag: versionTag(version), location } };
}

const NO_VERSION = -1;

/** The version that If-Match names. */
export function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const [, version] = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(header) ?? [];
  return version === undefined ? NO_VERSION : Number(version);
}
