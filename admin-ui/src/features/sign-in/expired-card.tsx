import { ArrowLeft, House, RotateCcw } from 'lucide-react';
import { toApiError } from '../../shared/api/api-error.ts';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { originOf } from './sign-in-origin.ts';
import { useSignInTexts } from './texts/use-sign-in-texts.ts';

interface ExpiredCardProps {
  readonly uid: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** A sign-in that is gone, with the way back to where the person came from. */
export function ExpiredCard({ uid, error, onRetry }: ExpiredCardProps) {
  const t = useSignInTexts();
  const problem = toApiError(error);
  const gone = problem.status === 404 || problem.status === 410 || problem.status === 400;
  if (!gone) {
    return (
      <PersonFrame title={t('not_loaded')}>
        <ProblemNotice error={problem} />
        <Button icon={RotateCcw} onClick={onRetry}>
          {t('try_again')}
        </Button>
      </PersonFrame>
    );
  }
  const origin = originOf(uid);
  return (
    <PersonFrame title={t('expired_title')}>
      <Notice tone="warn" role="alert">
        {t('expired_lead')} {t(origin === null ? 'expired_go_back' : 'expired_from_app')}
      </Notice>
      {origin === null ? (
        <a className={buttonClass('primary', 'large')} href="/">
          <House size={18} aria-hidden /> {t('home')}
        </a>
      ) : (
        <a className={buttonClass('primary', 'large')} href={origin.appUrl}>
          <ArrowLeft size={18} aria-hidden /> {t('back_to', { appName: origin.appName })}
        </a>
      )}
    </PersonFrame>
  );
}
