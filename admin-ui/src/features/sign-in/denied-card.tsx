import { useMutation } from '@tanstack/react-query';
import { ArrowLeft, CircleX, RotateCcw } from 'lucide-react';
import { continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { goTo } from './go-to.ts';
import styles from './denied-card.module.css';

interface DeniedCardProps {
  readonly path: string;
  readonly appName: string;
  readonly denied: NonNullable<InteractionView['denied']>;
}

export function DeniedCard({ path, appName, denied }: DeniedCardProps) {
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
  });
  const busy = next.isPending || next.isSuccess;
  return (
    <DoorFrame title={`${appName} is closed to you right now`}>
      <ul className={styles.reasons}>
        {denied.reasons.map((reason) => (
          <li key={reason.code} className={styles.reason}>
            <CircleX size={18} aria-hidden />
            <div>
              <p className={styles.why}>{reason.message}</p>
              <p className={styles.remedy}>{reason.remedy}</p>
            </div>
          </li>
        ))}
      </ul>
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
      <dl className={styles.facts}>
        <div>
          <dt>Decision number</dt>
          <dd>
            <code>{denied.decisionId}</code> <CopyButton text={denied.decisionId} />
          </dd>
        </div>
        <div>
          <dt>Decided</dt>
          <dd>
            <Instant atMs={denied.atMs} />
          </dd>
        </div>
      </dl>
    </DoorFrame>
  );
}
