import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { faceReceiptSchema, faceTemplatesSchema, faceTerminalsSchema } from '#gateway/http/contract/face.ts';
import { getJson } from '../../shared/api/client.ts';

/** A terminal asks for its next task every 20 seconds. */
const REFRESH_MS = 10_000;
const PAGE_SIZE = 50;

/** What an order to a terminal makes out of date. */
export const TERMINAL_KEYS = ['terminals', 'face-templates'] as const;

export const terminalsQuery = queryOptions({
  queryKey: ['terminals'],
  queryFn: ({ signal }) => getJson('/api/face/terminals', faceTerminalsSchema, signal),
  refetchInterval: REFRESH_MS,
});

export const templatesQuery = infiniteQueryOptions({
  queryKey: ['face-templates'],
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
    if (pageParam !== null) query.set('before', pageParam);
    return getJson(`/api/face/templates?${query.toString()}`, faceTemplatesSchema, signal);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

/** Signed once and never changed. */
export function receiptQuery(templateId: string) {
  return queryOptions({
    queryKey: ['face-templates', 'receipt', templateId],
    queryFn: ({ signal }) => getJson(`/api/face/templates/${encodeURIComponent(templateId)}/receipt`, faceReceiptSchema, signal),
    staleTime: Infinity,
  });
}
