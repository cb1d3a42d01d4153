import { queryOptions } from '@tanstack/react-query';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import { getJson } from '../../shared/api/client.ts';

const SHARED_SWITCH_POLL_MS = 15_000;

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => getJson('/api/demo', demoSchema, signal),
  retry: false,
  // Somebody else may move the network of everybody.
  refetchInterval: SHARED_SWITCH_POLL_MS,
});
