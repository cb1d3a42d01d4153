import { queryOptions } from '@tanstack/react-query';
import { desksSchema } from '#gateway/http/contract/desk.ts';
import { getJson } from '../../shared/api/client.ts';

/** Computers tell how they are kept every five minutes. */
const REFRESH_INTERVAL_MS = 60_000;

export const computersQuery = (personId: string) =>
  queryOptions({
    queryKey: ['people', personId, 'computers'],
    queryFn: ({ signal }) => getJson(`/api/desks?personId=${encodeURIComponent(personId)}`, desksSchema, signal),
    refetchInterval: REFRESH_INTERVAL_MS,
  });
