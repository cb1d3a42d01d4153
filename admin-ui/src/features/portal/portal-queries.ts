import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { computersSchema } from '#gateway/http/contract/me-computers.ts';
import {
  accessSchema,
  myLogSchema,
  myOverviewSchema,
  mySessionsSchema,
  passkeysSchema,
  type AccessItem,
} from '#gateway/http/contract/me.ts';
import { getJson } from '../../shared/api/client.ts';

/** All of them begin alike, so that whatever changes the person's state brings everything up to date. */
export const PORTAL_KEY = 'portal';

export const passkeysQuery = queryOptions({
  queryKey: [PORTAL_KEY, 'passkeys'],
  queryFn: ({ signal }) => getJson('/api/me/passkeys', passkeysSchema, signal),
});

export const mySessionsQuery = queryOptions({
  queryKey: [PORTAL_KEY, 'sessions'],
  queryFn: ({ signal }) => getJson('/api/me/sessions', mySessionsSchema, signal),
});

export const overviewQuery = queryOptions({
  queryKey: [PORTAL_KEY, 'overview'],
  queryFn: ({ signal }) => getJson('/api/me/overview', myOverviewSchema, signal),
});

/** Computers tell how they are kept every five minutes. */
const COMPUTERS_INTERVAL_MS = 60_000;

export const computersQuery = queryOptions({
  queryKey: [PORTAL_KEY, 'computers'],
  queryFn: ({ signal }) => getJson('/api/me/computers', computersSchema, signal),
  refetchInterval: COMPUTERS_INTERVAL_MS,
});

export type AccessKind = AccessItem['kind'];
const ACCESS_PAGE_SIZE = 50;

export function accessQuery(kind: AccessKind | undefined) {
  return infiniteQueryOptions({
    queryKey: [PORTAL_KEY, 'access', kind ?? 'all'],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(ACCESS_PAGE_SIZE) });
      if (kind !== undefined) query.set('kind', kind);
      if (pageParam !== null) query.set('after', pageParam);
      return getJson(`/api/me/access?${query.toString()}`, accessSchema, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

const LOG_PAGE_SIZE = 50;

export const myLogQuery = infiniteQueryOptions({
  queryKey: [PORTAL_KEY, 'log'],
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: String(LOG_PAGE_SIZE) });
    if (pageParam !== null) query.set('before', String(pageParam));
    return getJson(`/api/me/log?${query.toString()}`, myLogSchema, signal);
  },
  initialPageParam: null as number | null,
  getNextPageParam: (last) => last.next,
});
