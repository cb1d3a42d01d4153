import { queryOptions } from '@tanstack/react-query';
import { recoveryBadgesSchema } from '#gateway/http/contract/recovery.ts';
import { getJson } from '../../shared/api/client.ts';

/** Somebody stands at the desk and waits. */
const REFRESH_INTERVAL_MS = 4_000;

/** Who badged where somebody is on duty. */
export const recoveryBadgesQuery = queryOptions({
  queryKey: ['recovery', 'badges'],
  queryFn: ({ signal }) => getJson('/api/recovery/badges', recoveryBadgesSchema, signal),
  refetchInterval: REFRESH_INTERVAL_MS,
});
