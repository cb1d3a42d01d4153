import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { faceReceiptSchema, facesOfPersonSchema, faceTemplatesSchema, faceTerminalsSchema } from '#gateway/http/contract/face.ts';
import { enrolledAtReaderSchema, readerTemplatesSchema } from '#gateway/http/contract/reader-templates.ts';
import { getJson } from '../api/client.ts';

/** A terminal asks for its next task every 20 seconds. */
const REFRESH_MS = 10_000;
const PAGE_SIZE = 50;

/** What an order to a terminal, or the end of a face, makes out of date. */
export const FACE_KEYS = ['terminals', 'face-templates', 'people'] as const;
/** The same of what readers compare themselves. */
export const READER_TEMPLATE_KEYS = ['reader-templates', 'people'] as const;

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

export function facesOfPersonQuery(personId: string) {
  return queryOptions({
    queryKey: ['people', personId, 'faces'],
    queryFn: ({ signal }) => getJson(`/api/face/people/${encodeURIComponent(personId)}/templates`, facesOfPersonSchema, signal),
  });
}

/** What readers that compare themselves are sent of a person. */
export function readerTemplatesQuery(personId: string) {
  return queryOptions({
    queryKey: ['people', personId, 'reader-templates'],
    queryFn: ({ signal }) => getJson(`/api/face/people/${encodeURIComponent(personId)}/reader-templates`, readerTemplatesSchema, signal),
  });
}

export function enrolledAtReaderQuery(readerId: string) {
  return infiniteQueryOptions({
    queryKey: ['reader-templates', readerId],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
      if (pageParam !== null) query.set('after', pageParam);
      return getJson(`/api/face/readers/${encodeURIComponent(readerId)}/templates?${query.toString()}`, enrolledAtReaderSchema, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}
