import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { goTo } from './go-to.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';
import styles from './denied-card.module.css';

type Demand = Extract<InteractionView['prompt'], 'badge' | 'confirm'>;

export function isDemand(prompt: InteractionView['prompt']): prompt is Demand {
  return prompt === 'badge' || prompt === 'confirm';
}

const keys = {
  badge: { title: 'badge_title', lead: 'badge_lead', go: 'badge_go' },
  confirm: { title: 'confirm_title', lead: 'confirm_lead', go: 'confirm_go' },
} as const satisfies Readonly<Record<Demand, unknown>>;

/** What the person does somewhere else, or says yes to. The sign-in goes on where it stopped. */
export function DemandCard({ path, uid, appName, demand }: { path: string; uid: string; appName: string; demand: Demand }) {
  const t = useSignInTexts();
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busy = next.isPending || next.isSuccess;
  const { go, lead, title } = keys[demand];
  return (
    <PersonFrame title={t(title, { appName })} lead={t(lead, { appName })}>
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
          {t(go)}
        </Button>
        <Button size="large" icon={ArrowLeft} busy={busy && next.variables === 'abort'} onClick={() => next.mutate('abort')}>
          {t('back_to_app')}
        </Button>
      </div>
    </PersonFrame>
  );
}
