import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { goTo } from './go-to.ts';
import styles from './denied-card.module.css';

type Demand = Extract<InteractionView['prompt'], 'badge' | 'unavailable' | 'confirm'>;

export function isDemand(prompt: InteractionView['prompt']): prompt is Demand {
  return prompt === 'badge' || prompt === 'unavailable' || prompt === 'confirm';
}

const texts: Readonly<Record<Demand, { title: (appName: string) => string; lead: (appName: string) => string; go: string | null }>> = {
  badge: {
    title: () => 'Badge in to go on',
    lead: (appName) => `${appName} opens only to people who are on site. Hold your badge to a reader, then continue here.`,
    go: 'I have badged in',
  },
  unavailable: {
    title: () => 'This sign-in cannot go on',
    lead: (appName) => `${appName} asks for a face check, which is not available here yet. Nothing was granted.`,
    go: null,
  },
  confirm: {
    title: (appName) => `Continue to ${appName}?`,
    lead: (appName) => `${appName} asks whether you want to go on as the person who is signed in on this browser.`,
    go: 'Continue',
  },
};

/** What the person does somewhere else, or says yes to. The sign-in goes on where it stopped. */
export function DemandCard({ path, uid, appName, demand }: { path: string; uid: string; appName: string; demand: Demand }) {
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busy = next.isPending || next.isSuccess;
  const { go, lead, title } = texts[demand];
  return (
    <DoorFrame title={title(appName)} lead={lead(appName)}>
      {next.isError && <ProblemNotice error={next.error} />}
      <div className={styles.actions}>
        {go !== null && (
          <Button
            look="primary"
            size="large"
            icon={RotateCcw}
            busy={busy && next.variables === 'retry'}
            onClick={() => next.mutate('retry')}
            autoFocus
          >
            {go}
          </Button>
        )}
        <Button size="large" icon={ArrowLeft} busy={busy && next.variables === 'abort'} onClick={() => next.mutate('abort')}>
          Back to the app
        </Button>
      </div>
    </DoorFrame>
  );
}
