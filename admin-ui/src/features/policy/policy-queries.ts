import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { logPageSchema } from '#gateway/http/contract/admin.ts';
import {
  impactJobSchema,
  POLICY_WORK_TIMEOUT_MS,
  policyDiffSchema,
  revisionDetailSchema,
  revisionsSchema,
  shadowSchema,
} from '#gateway/http/contract/policy.ts';
import { getJson } from '../../shared/api/client.ts';
import { logPath } from '../../shared/api/queries.ts';

const PAGE_SIZE = 30;
const HISTORY_ENTRIES_MAX = 500;
const PROGRESS_EVERY_MS = 400;
const SHADOW_EVERY_MS = 3_000;

/** A call that compiles, tries or replays a whole policy takes as long as it takes on a busy machine. */
export const COMPILER_TIMEOUT_MS = POLICY_WORK_TIMEOUT_MS;

export const revisionPath = (id: string, step = ''): string =>
  `/api/policy/revisions/${encodeURIComponent(id)}${step === '' ? '' : `/${step}`}`;

/** Everything under the key `policy` is asked for anew when the log tells of a revision (app/apply-entries.ts). */
export const revisionsQuery = infiniteQueryOptions({
  queryKey: ['policy', 'revisions'],
  queryFn: ({ pageParam, signal }) => {
    const query = new URLSearchParams({ limit: String(PAGE_SIZE), ...(pageParam === null ? {} : { before: pageParam }) });
    return getJson(`/api/policy/revisions?${query.toString()}`, revisionsSchema, signal);
  },
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

export const revisionQuery = (id: string) =>
  queryOptions({
    queryKey: ['policy', 'revision', id],
    queryFn: ({ signal }) => getJson(revisionPath(id), revisionDetailSchema, signal),
  });

export const diffQuery = (from: string, to: string) =>
  queryOptions({
    // Apart from `policy`: texts never change.
    queryKey: ['policy-diff', from, to],
    queryFn: ({ signal }) => getJson(`/api/policy/diff?${new URLSearchParams({ from, to }).toString()}`, policyDiffSchema, signal),
    staleTime: Infinity,
  });

export const shadowQuery = queryOptions({
  queryKey: ['policy', 'shadow'],
  queryFn: ({ signal }) => getJson('/api/policy/shadow', shadowSchema, signal),
  refetchInterval: SHADOW_EVERY_MS,
});

export const impactJobQuery = (jobId: string) =>
  queryOptions({
    queryKey: ['policy-impact', jobId],
    queryFn: ({ signal }) => getJson(`/api/policy/impact/${encodeURIComponent(jobId)}`, impactJobSchema, signal),
    refetchInterval: ({ state }) => (state.data?.state === 'running' || state.data === undefined ? PROGRESS_EVERY_MS : false),
  });

/** The newest steps in the life of all revisions: the log is not asked by revision. */
export const policyHistoryQuery = queryOptions({
  queryKey: ['policy', 'history'],
  queryFn: ({ signal }) => getJson(logPath({ types: ['policy_revision'], limit: HISTORY_ENTRIES_MAX }, null), logPageSchema, signal),
});
