import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { continueSchema, type InteractionView } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { ReasonList } from '../../shared/ui/reason-list.tsx';
import { DecisionNumber, ProblemNotice } from '../../shared/ui/states.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import { DeskLook } from './desk-look.tsx';
import { goTo } from './go-to.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';
import styles from './denied-card.module.css';

interface DeniedCardProps {
  readonly path: string;
  readonly uid: string;
  readonly appName: string;
  readonly denied: NonNullable<InteractionView['denied']>;
}

/** What this computer could do about it; null = nothing. */
function askOf(codes: readonly string[]): 'look_again' | 'check' | null {
  if (codes.includes('face.mismatch') || codes.includes('face.not_live')) return 'look_again';
  return codes.some((code) => code.startsWith('device.')) ? 'check' : null;
}

export function DeniedCard({ path, uid, appName, denied }: DeniedCardProps) {
  const t = useSignInTexts();
  const instantText = useInstantText();
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busy = next.isPending || next.isSuccess;
  const ask = askOf(denied.reasons.map(({ code }) => code));
  return (
    <PersonFrame title={t('denied_title', { appName })}>
      <ReasonList reasons={denied.reasons} />
      {next.isError && <ProblemNotice error={next.error} />}
      {ask !== null && <DeskLook path={path} uid={uid} label={ask} />}
      <div className={styles.actions}>
        <Button
          look={ask === null ? 'primary' : 'plain'}
          size="large"
          icon={RotateCcw}
          busy={busy && next.variables === 'retry'}
          onClick={() => next.mutate('retry')}
          autoFocus={ask === null}
        >
          {t('try_again')}
        </Button>
        <Button size="large" icon={ArrowLeft} busy={busy && next.variables === 'abort'} onClick={() => next.mutate('abort')}>
          {t('back_to_app')}
        </Button>
      </div>
      <DecisionNumber id={denied.decisionId} />
      <p className="soft">{t('decided_at', { time: instantText(denied.atMs) })}</p>
    </PersonFrame>
  );
}
