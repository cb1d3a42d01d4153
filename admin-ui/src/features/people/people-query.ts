import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { peopleSchema, personDetailSchema } from '#gateway/http/contract/admin.ts';
import { getJson } from '../../shared/api/client.ts';

const PAGE_SIZE = 100;
/** A search loads further pages by itself up to this many; beyond it the list says that it is not complete. */
export const PEOPLE_PAGES_MAX = 50;

export const peopleQuery = infiniteQueryOptions({
  queryKey: ['people', 'list'],
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (pageParam !== null) query.set('after', pageParam);
    return getJson(`/api/people?${query.toString()}`, peopleSchema, signal);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export function personQuery(personId: string) {
  return queryOptions({
    queryKey: ['people', 'one', personId],
    queryFn: ({ signal }) => getJson(`/api/people/${encodeURIComponent(personId)}`, personDetailSchema, signal),
  });
}
