import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ArrowLeft, IdCard, KeyRound } from 'lucide-react';
import { assertionOptionsSchema, continueSchema } from '#gateway/http/contract/sign-in.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { postJson } from '../../shared/api/client.ts';
import { answerWithPasskey } from '../../shared/api/passkey.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { DeskLook } from './desk-look.tsx';
import { useFaceTexts } from './face-texts/use-face-texts.ts';
import { goTo } from './go-to.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';
import styles from './step-buttons.module.css';

/** A camera has to see the person, or they take another way: it always stands there. */
export function FaceCard({ appName, path, uid }: { path: string; uid: string; appName: string }) {
  const t = useFaceTexts();
  const common = useSignInTexts();
  const queries = useQueryClient();
  const other = useMutation({
    mutationFn: async (way: 'key' | 'badge' | 'abort') => {
      if (way === 'abort') return postJson(`${path}/abort`, {}, continueSchema);
      if (way === 'badge') return postJson(`${path}/alternative/badge`, {}, continueSchema);
      const options = await postJson(`${path}/alternative/options`, {}, assertionOptionsSchema);
      return postJson(`${path}/alternative/key`, await answerWithPasskey(options), continueSchema);
    },
    onSuccess: ({ redirectTo }) => goTo(redirectTo),
    // Expired meanwhile: the page then shows the way back.
    onError: (error) => (toApiError(error).status === 404 ? queries.resetQueries({ queryKey: ['interaction', uid] }) : undefined),
  });
  const busyWith = other.isPending || other.isSuccess ? other.variables : null;
  return (
    <PersonFrame title={t('title')} lead={t('lead', { appName })}>
      <DeskLook path={path} uid={uid} label="look" />
      {other.isError && <ProblemNotice error={other.error} />}
      <div className={styles.actions}>
        <Button size="large" icon={KeyRound} busy={busyWith === 'key'} onClick={() => other.mutate('key')}>
          {t('key')}
        </Button>
        <Button size="large" icon={IdCard} busy={busyWith === 'badge'} onClick={() => other.mutate('badge')}>
          {t('badge')}
        </Button>
        <Button size="large" icon={ArrowLeft} busy={busyWith === 'abort'} onClick={() => other.mutate('abort')}>
          {common('back_to_app')}
        </Button>
      </div>
    </PersonFrame>
  );
}
