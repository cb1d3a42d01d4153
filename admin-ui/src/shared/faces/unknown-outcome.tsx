import { toApiError } from '../api/api-error.ts';
import { Notice, ProblemNotice } from '../ui/states.tsx';

interface UnknownOutcomeProps {
  readonly error: Error;
  /** What may have happened, such as `it is deleted`. */
  readonly what: string;
  readonly advice: string;
}

/** Of what was sent and not answered nobody knows whether it was done: it is called neither done nor failed. A refusal is an answer. */
export function UnknownOutcome({ advice, error, what }: UnknownOutcomeProps) {
  const { message, status } = toApiError(error);
  if (status >= 400 && status < 500) return <ProblemNotice error={error} />;
  return (
    <Notice tone="warn" role="alert">
      <p>
        <strong>It is not known whether {what}.</strong> {message}
      </p>
      <p>{advice}</p>
    </Notice>
  );
}
