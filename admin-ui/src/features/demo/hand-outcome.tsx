import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleHelp, CircleX, KeyRound } from 'lucide-react';
import type { ReactNode } from 'react';
import type { DemoBadgeResult } from '#gateway/http/contract/demo.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import styles from './hand-outcome.module.css';
import type { SiteAnswer } from './use-site-hands.ts';

const looks = {
  granted: { Icon: CircleCheck, title: 'Granted', className: styles.granted },
  released: { Icon: CircleCheck, title: 'Released', className: styles.granted },
  denied: { Icon: CircleX, title: 'Denied', className: styles.denied },
  pin_wanted: { Icon: KeyRound, title: 'PIN wanted', className: styles.noAnswer },
  dropped: { Icon: CircleHelp, title: 'Not read', className: styles.noAnswer },
  no_answer: { Icon: CircleHelp, title: 'No answer', className: styles.noAnswer },
} as const;

/** What the site did about a badge or a pressed exit button. */
export function HandOutcome({ answer }: { answer: SiteAnswer }) {
  return (
    <Outcome outcome={answer.result.outcome} what={answer.what}>
      {answer.kind === 'badge' ? <BadgeReasons result={answer.result} /> : <ExitText outcome={answer.result.outcome} />}
    </Outcome>
  );
}

function Outcome({ outcome, what, children }: { outcome: keyof typeof looks; what: string; children: ReactNode }) {
  const { Icon, title, className } = looks[outcome];
  return (
    <div className={`${styles.outcome} ${className}`}>
      <Icon size={24} aria-hidden />
      <div className={styles.outcomeBody}>
        <strong className={styles.outcomeTitle}>{title}</strong>
        <p className={styles.outcomeWhat}>{what}</p>
        {children}
      </div>
    </div>
  );
}

function BadgeReasons({ result }: { result: DemoBadgeResult }) {
  return (
    <>
      {result.outcome === 'pin_wanted' && <p>The badge is right. Enter the PIN within 10 seconds, then #.</p>}
      {result.outcome === 'no_answer' && <p>The reader got no answer in time, so the door stays as it is.</p>}
      {explainReasons(result.reasons).map((reason) => (
        <p key={reason.code}>
          {reason.message} {reason.remedy}
        </p>
      ))}
      {result.decisionId !== null && (
        <Link to="/console/decisions/$decisionId" params={{ decisionId: result.decisionId }}>
          Open the decision
        </Link>
      )}
    </>
  );
}

function ExitText({ outcome }: { outcome: 'released' | 'no_answer' }) {
  return <p>{outcome === 'released' ? 'The way out asks nobody: no decision, one record.' : 'The button got no answer in time.'}</p>;
}
