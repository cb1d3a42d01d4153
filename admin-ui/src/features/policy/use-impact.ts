import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { impactJobSchema, type ImpactJobView } from '#gateway/http/contract/policy.ts';
import { postJson } from '../../shared/api/client.ts';
import { impactJobQuery, revisionPath } from './policy-queries.ts';

export interface ImpactQuestion {
  readonly window: { readonly fromMs: number; readonly toMs: number } | null;
  readonly data: 'then' | 'today';
}

/** The replay of one revision: it goes on while its page is left, and is found again there as long as the console stays open. */
export function useImpact(revisionId: string) {
  const queries = useQueryClient();
  const jobKey = ['policy-impact-of', revisionId];
  const jobId = useQuery({
    queryKey: jobKey,
    queryFn: () => queries.getQueryData<string>(jobKey) ?? null,
    staleTime: Infinity,
    gcTime: Infinity,
  }).data;
  const asked = useQuery({ ...impactJobQuery(jobId ?? ''), enabled: jobId !== undefined && jobId !== null });
  const start = useMutation({
    mutationFn: (question: ImpactQuestion) => postJson(revisionPath(revisionId, 'impact'), question, impactJobSchema),
    onSuccess: (job) => remember(job),
  });
  const cancel = useMutation({
    mutationFn: (id: string) => postJson(`/api/policy/impact/${encodeURIComponent(id)}/cancel`, {}, impactJobSchema),
    onSuccess: (job) => remember(job),
  });
  const remember = (job: ImpactJobView): void => {
    queries.setQueryData(impactJobQuery(job.id).queryKey, job);
    queries.setQueryData(jobKey, job.id);
  };
  const job = jobId === undefined || jobId === null ? null : (asked.data ?? null);
  const state = job?.state;
  useEffect(() => {
    // Its report is the revision's now.
    if (state === 'done') void queries.invalidateQueries({ queryKey: ['policy'] });
  }, [state, queries]);
  return { job, start, cancel, error: start.error ?? cancel.error ?? asked.error };
}
