import { ArrowLeft, RotateCcw } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import styles from './step-buttons.module.css';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';
import { useStep } from './use-step.ts';

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
  const { error, isBusyWith, take } = useStep(path, uid);
  return (
    <>
      {error !== null && <ProblemNotice error={error} />}
      <div className={styles.actions}>
        <Button
          look={isSecond ? 'plain' : 'primary'}
          size="large"
          icon={RotateCcw}
          busy={isBusyWith('retry')}
          onClick={() => take('retry')}
          autoFocus={!isSecond}
        >
          {go}
        </Button>
        <Button size="large" icon={ArrowLeft} busy={isBusyWith('abort')} onClick={() => take('abort')}>
          {t('back_to_app')}
        </Button>
      </div>
    </>
  );
}
