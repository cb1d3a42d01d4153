import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { directorySchema, doorsSchema, logPageSchema, statusSchema, type Directory } from '#gateway/http/contract/admin.ts';
import { meSchema } from '#gateway/http/contract/me.ts';
import { consoleSessionSchema } from '#gateway/http/contract/sign-in.ts';
import { getJson } from './client.ts';

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => getJson('/api/session', consoleSessionSchema, signal),
  staleTime: 60_000,
});

/** Who is signed in to the people's side. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => getJson('/api/me', meSchema, signal),
  staleTime: 60_000,
});

export const directoryQuery = queryOptions({
  queryKey: ['directory'],
  queryFn: ({ signal }) => getJson('/api/directory', directorySchema, signal),
  staleTime: 60_000,
});

export const doorsQuery = queryOptions({
  queryKey: ['doors'],
  queryFn: ({ signal }) => getJson('/api/doors', doorsSchema, signal),
});

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: ({ signal }) => getJson('/api/status', statusSchema, signal),
  refetchInterval: 15_000,
});

export interface LogFilter {
  readonly types?: readonly string[];
  readonly person?: string;
  readonly resource?: string;
  readonly limit: number;
}

export function logPath(filter: LogFilter, before: number | null): string {
  const query = new URLSearchParams({ limit: String(filter.limit) });
  if (before !== null) query.set('before', String(before));
  if (filter.types !== undefined && filter.types.length > 0) query.set('types', filter.types.join(','));
  if (filter.person !== undefined) query.set('person', filter.person);
  if (filter.resource !== undefined) query.set('resource', filter.resource);
  return `/api/log?${query.toString()}`;
}

/** The newest entries that match: the short histories on the pages of a person and a door. */
export function recentLogQuery(filter: LogFilter) {
  return queryOptions({
    queryKey: ['log', 'recent', filter],
    queryFn: ({ signal }) => getJson(logPath(filter, null), logPageSchema, signal),
    placeholderData: keepPreviousData,
  });
}

export type DirectoryKind = keyof Directory;
