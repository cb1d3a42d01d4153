import { queryOptions } from '@tanstack/react-query';
import { readerDetailSchema, readerLinesSchema, readersSchema } from '#gateway/http/contract/readers.ts';
import { getJson } from '../../shared/api/client.ts';

/** Counters move with every poll of the line; a person does not read faster than this. */
const REFRESH_MS = 5_000;

export const readersQuery = queryOptions({
  queryKey: ['readers'],
  queryFn: ({ signal }) => getJson('/api/readers', readersSchema, signal),
  refetchInterval: REFRESH_MS,
});

export const linesQuery = queryOptions({
  queryKey: ['reader-lines'],
  queryFn: ({ signal }) => getJson('/api/reader-lines', readerLinesSchema, signal),
  refetchInterval: REFRESH_MS,
});

export function readerQuery(readerId: string) {
  return queryOptions({
    queryKey: ['readers', readerId],
    queryFn: ({ signal }) => getJson(`/api/readers/${encodeURIComponent(readerId)}`, readerDetailSchema, signal),
    refetchInterval: REFRESH_MS,
  });
}
