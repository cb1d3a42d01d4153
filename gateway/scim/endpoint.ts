import type { DirectoryClient } from '../app/directory/types.ts';
import type { ScimReply } from './scim-error.ts';

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

const NO_VERSION = -1;

/** The version that If-Match names. */
export function readIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  const [, version] = /^\s*(?:W\/)?"(\d{1,15})"\s*$/.exec(header) ?? [];
  return version === undefined ? NO_VERSION : Number(version);
}
