import { ArrowLeft } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';
import { useStep } from './use-step.ts';

/** The way out of a sign-in that the person cannot, or does not want to, go on with. The app is told. */
export function BackToApp({ path, uid }: { path: string; uid: string }) {
  const t = useSignInTexts();
  const { error, isBusyWith, take } = useStep(path, uid);
  return (
    <>
      {error !== null && <ProblemNotice error={error} />}
      <Button width="wide" icon={ArrowLeft} busy={isBusyWith('abort')} onClick={() => take('abort')}>
        {t('back_to_app')}
      </Button>
    </>
  );
}
