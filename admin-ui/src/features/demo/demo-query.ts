import { queryOptions } from '@tanstack/react-query';
import { demoSchema } from '#gateway/http/contract/demo.ts';
import { getJson } from '../../shared/api/client.ts';

export const demoQuery = queryOptions({
  queryKey: ['demo'],
  queryFn: ({ signal }) => getJson('/api/demo', demoSchema, signal),
  retry: false,
});
