import { useMutation, useQuery } from '@tanstack/react-query';
import { History, Square } from 'lucide-react';
import { impactJobSchema, type ImpactJobView } from '#gateway/http/contract/policy.ts';
import type { ItemChange } from '#gateway/http/contract/policy-data.ts';
import { getJson, postJson } from '../../../shared/api/client.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Notice, ProblemNotice } from '../../../shared/ui/states.tsx';
import { impactWords } from './impact-words.ts';

const POLL_MS = 500;

interface ImpactHeadlineProps {
  readonly request: { readonly baseVersion: number; readonly changes: readonly ItemChange[] };
}

/** On demand: every decision of the last days is made again with the changed data, and what came out differently is counted. */
export function ImpactHeadline({ request }: ImpactHeadlineProps) {
  const begin = useMutation({ mutationFn: () => postJson('/api/policy/data/impact', request, impactJobSchema) });
  if (begin.isError) return <ProblemNotice error={begin.error} />;
  if (begin.data === undefined) {
    return (
      <div>
        <Button size="small" icon={History} busy={begin.isPending} onClick={() => begin.mutate()}>
          Try it on the last 7 days
        </Button>
      </div>
    );
  }
  return <FollowedImpact begun={begin.data} />;
}

function FollowedImpact({ begun }: { begun: ImpactJobView }) {
  const path = `/api/policy/data/impact/${encodeURIComponent(begun.id)}`;
  const followed = useQuery({
    queryKey: ['policy-data-impact', begun.id],
    queryFn: ({ signal }) => getJson(path, impactJobSchema, signal),
    refetchInterval: ({ state }) => ((state.data ?? begun).state === 'running' && state.status !== 'error' ? POLL_MS : false),
    gcTime: 0,
  });
  const stop = useMutation({ mutationFn: () => postJson(`${path}/cancel`, {}, impactJobSchema) });
  if (followed.isError) return <ProblemNotice error={followed.error} />;
  const job = followed.data ?? begun;
  const { tone, text } = impactWords(job);
  return (
    <Notice tone={tone} role="status">
      <p>{text}</p>
      {job.state === 'running' && (
        <div>
          <progress aria-label="Decisions made again" value={job.progress.share01} max={1} />{' '}
          <Button size="small" icon={Square} busy={stop.isPending} onClick={() => stop.mutate()}>
            Stop
          </Button>
        </div>
      )}
    </Notice>
  );
}
