import { CircleAlert, CircleCheck, Info, Lock, RotateCcw, ServerOff, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { toApiError } from '../api/api-error.ts';
import type { Tone } from '../log/describe-record.ts';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import styles from './states.module.css';
import { useWords } from './words.ts';

export function Skeleton({ lines = 6, label }: { lines?: number; label?: string }) {
  const words = useWords();
  return (
    <div className={styles.skeleton} role="status" aria-label={label ?? words.loading}>
      {Array.from({ length: lines }, (_, line) => (
        <div key={line} className={styles.bone} />
      ))}
    </div>
  );
}

export function Empty({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children?: ReactNode }) {
  return (
    <div className={styles.box}>
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className={styles.title}>{title}</p>
      {children !== undefined && <div className={styles.text}>{children}</div>}
    </div>
  );
}

/** The number to quote when asking about a decision. */
export function DecisionNumber({ id }: { id: string }) {
  const words = useWords();
  return (
    <div className={styles.decision}>
      <span>{words.decisionNumber}</span>
      <code>{id}</code>
      <CopyButton text={id} />
    </div>
  );
}

/** What went wrong, and the way on: a refusal names its decision, anything else can be tried again. */
export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const words = useWords();
  const problem = toApiError(error);
  const refused = problem.status === 403;
  const Icon = refused ? Lock : ServerOff;
  const title = refused ? words.notAllowed : problem.status === 404 ? words.notFound : words.notLoaded;
  return (
    <div className={styles.box} role="alert">
      <Icon size={28} strokeWidth={1.5} aria-hidden />
      <p className={styles.title}>{title}</p>
      <p className={styles.text}>{words.problem(problem)}</p>
      <div className={styles.row}>
        {problem.decisionId !== undefined && <DecisionNumber id={problem.decisionId} />}
        {onRetry !== undefined && !refused && (
          <Button icon={RotateCcw} onClick={onRetry}>
            {words.tryAgain}
          </Button>
        )}
      </div>
    </div>
  );
}

const noticeIcons: Readonly<Record<Tone, LucideIcon>> = {
  ok: CircleCheck,
  deny: CircleAlert,
  warn: CircleAlert,
  unknown: Info,
  info: Info,
};

export function Notice({ tone, role, children }: { tone: Tone; role?: 'alert' | 'status'; children: ReactNode }) {
  const Icon = noticeIcons[tone];
  return (
    <div className={`${styles.notice} ${styles[tone]}`} role={role}>
      <Icon size={17} aria-hidden />
      <div className={styles.noticeBody}>{children}</div>
    </div>
  );
}

/** The refusal or failure of an action, inside its dialog or form. */
export function ProblemNotice({ error }: { error: unknown }) {
  const words = useWords();
  const problem = toApiError(error);
  return (
    <Notice tone="deny" role="alert">
      <p>{words.problem(problem)}</p>
      {problem.decisionId !== undefined && <DecisionNumber id={problem.decisionId} />}
    </Notice>
  );
}
