import { queryOptions } from '@tanstack/react-query';
import { conditionsSchema, operationsSchema } from '#gateway/http/contract/reader-operations.ts';
import { getJson } from '../../shared/api/client.ts';

const REFRESH_MS = 5_000;
/** While something is being done somebody watches it. */
const BUSY_REFRESH_MS = 1_000;

export const conditionsQuery = queryOptions({
  queryKey: ['reader-conditions'],
  queryFn: ({ signal }) => getJson('/api/reader-conditions', conditionsSchema, signal),
  refetchInterval: REFRESH_MS,
});

export const operationsQuery = queryOptions({
  queryKey: ['reader-operations'],
  queryFn: ({ signal }) => getJson('/api/reader-operations', operationsSchema, signal),
  refetchInterval: ({ state }) =>
    state.data?.operations.some(({ endedAtMs }) => endedAtMs === null) === true ? BUSY_REFRESH_MS : REFRESH_MS,
});
