import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import {
  dataDiffSchema,
  dataHistorySchema,
  grantsPageSchema,
  libraryViewSchema,
  policyDataViewSchema,
  seenSchema,
} from '#gateway/http/contract/policy-data.ts';
import { getJson } from '../../shared/api/client.ts';

/** Everything here begins with this key, so that one saved change brings all of it up to date. */
export const POLICY_DATA_KEY = 'policy-data';
const REFRESH_MS = 30_000;
const GRANTS_PAGE = 100;
const SEEN_PAGE = 100;
const HISTORY_PAGE = 25;

export const policyDataQuery = queryOptions({
  queryKey: [POLICY_DATA_KEY, 'view'],
  queryFn: ({ signal }) => getJson('/api/policy/data', policyDataViewSchema, signal),
  refetchInterval: REFRESH_MS,
});

export interface GrantFilter {
  readonly profile: string;
  readonly holder: string;
}

export function grantsQuery({ profile, holder }: GrantFilter) {
  return infiniteQueryOptions({
    queryKey: [POLICY_DATA_KEY, 'grants', profile, holder],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ limit: String(GRANTS_PAGE) });
      if (profile !== '') query.set('profile', profile);
      if (holder !== '') query.set('holder', holder);
      if (pageParam !== '') query.set('after', pageParam);
      return getJson(`/api/policy/data/grants?${query.toString()}`, grantsPageSchema, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

export function seenQuery(section: string) {
  return infiniteQueryOptions({
    queryKey: [POLICY_DATA_KEY, 'seen', section],
    queryFn: ({ signal, pageParam }) => {
      const query = new URLSearchParams({ section, limit: String(SEEN_PAGE) });
      if (pageParam !== '') query.set('after', pageParam);
      return getJson(`/api/policy/data/seen?${query.toString()}`, seenSchema, signal);
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.next,
  });
}

export const historyQuery = infiniteQueryOptions({
  queryKey: [POLICY_DATA_KEY, 'history'],
  queryFn: ({ signal, pageParam }) => {
    const query = new URLSearchParams({ limit: String(HISTORY_PAGE) });
    if (pageParam !== null) query.set('before', String(pageParam));
    return getJson(`/api/policy/data/history?${query.toString()}`, dataHistorySchema, signal);
  },
  initialPageParam: null as number | null,
  getNextPageParam: (page) => page.next,
});

export function dataDiffQuery(from: number, to: number) {
  return queryOptions({
    queryKey: [POLICY_DATA_KEY, 'diff', from, to],
    queryFn: ({ signal }) => getJson(`/api/policy/data/diff?from=${String(from)}&to=${String(to)}`, dataDiffSchema, signal),
  });
}

export const libraryQuery = queryOptions({
  queryKey: ['policy-library'],
  queryFn: ({ signal }) => getJson('/api/policy/data/library', libraryViewSchema, signal),
  staleTime: Infinity,
});
