import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber, ProblemNotice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { goTo } from './go-to.ts';
import styles from './denied-card.module.css';

interface DeniedCardProps {
  readonly path: string;
  readonly uid: string;
  readonly appName: string;
  readonly denied: NonNullable<InteractionView['denied']>;
}

export function DeniedCard({ path, uid, appName, denied }: DeniedCardProps) {
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busy = next.isPending || next.isSuccess;
  return (
    <DoorFrame title={`${appName} is closed to you right now`}>
      <ReasonList reasons={denied.reasons} />
      {next.isError && <ProblemNotice error={next.error} />}
      <div className={styles.actions}>
        <Button
          look="primary"
          size="large"
          icon={RotateCcw}
          busy={busy && next.variables === 'retry'}
          onClick={() => next.mutate('retry')}
          autoFocus
        >
          Try again
        </Button>
        <Button size="large" icon={ArrowLeft} busy={busy && next.variables === 'abort'} onClick={() => next.mutate('abort')}>
          Back to the app
        </Button>
      </div>
      <DecisionNumber id={denied.decisionId} />
      <p className="soft">
        Decided at <Instant atMs={denied.atMs} />
      </p>
    </DoorFrame>
  );
}
