import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, RotateCcw } from 'lucide-react';
import { continueSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { goTo } from './go-to.ts';
import styles from './step-buttons.module.css';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

interface StepButtonsProps {
  readonly path: string;
  readonly uid: string;
  /** What asks the gateway again. */
  readonly go: string;
  /** Something else on the page is the likelier way on. */
  readonly isSecond?: boolean;
}

/** The ways on from a sign-in that stopped: ask again, or back to the app. */
export function StepButtons({ path, uid, go, isSecond = false }: StepButtonsProps) {
  const t = useSignInTexts();
  const queries = useQueryClient();
  const next = useMutation({
    mutationFn: (step: 'retry' | 'abort') => postJson(`${path}/${step}`, {}, continueSchema),
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const isBusyWith = (step: 'retry' | 'abort'): boolean => (next.isPending || next.isSuccess) && next.variables === step;
  return (
    <>
      {next.isError && <ProblemNotice error={next.error} />}
      <div className={styles.actions}>
        <Button
          look={isSecond ? 'plain' : 'primary'}
          size="large"
          icon={RotateCcw}
          busy={isBusyWith('retry')}
          onClick={() => next.mutate('retry')}
          autoFocus={!isSecond}
        >
          {go}
        </Button>
        <Button size="large" icon={ArrowLeft} busy={isBusyWith('abort')} onClick={() => next.mutate('abort')}>
          {t('back_to_app')}
        </Button>
      </div>
    </>
  );
}
