import { ArrowLeft, House, RotateCcw } from 'lucide-react';
import { toApiError } from '../../shared/api/api-error.ts';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { DoorFrame } from '../../shared/ui/door-frame.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { originOf } from './sign-in-origin.ts';

interface ExpiredCardProps {
  readonly uid: string;
  readonly error: unknown;
  readonly onRetry: () => void;
}

/** A sign-in that is gone, with the way back to where the person came from. */
export function ExpiredCard({ uid, error, onRetry }: ExpiredCardProps) {
  const problem = toApiError(error);
  const gone = problem.status === 404 || problem.status === 410 || problem.status === 400;
  if (!gone) {
    return (
      <DoorFrame title="The sign-in could not be loaded">
        <ProblemNotice error={problem} />
        <Button icon={RotateCcw} onClick={onRetry}>
          Try again
        </Button>
      </DoorFrame>
    );
  }
  const origin = originOf(uid);
  return (
    <DoorFrame title="This sign-in has expired">
      <Notice tone="warn" role="alert">
        It was left open too long, or was finished in another tab.{' '}
        {origin === null ? 'Go back to the app and sign in again.' : 'Sign in again from the app.'}
      </Notice>
      {origin === null ? (
        <a className={buttonClass('primary', 'large')} href="/">
          <House size={18} aria-hidden /> Home
        </a>
      ) : (
        <a className={buttonClass('primary', 'large')} href={origin.appUrl}>
          <ArrowLeft size={18} aria-hidden /> Back to {origin.appName}
        </a>
      )}
    </DoorFrame>
  );
}
