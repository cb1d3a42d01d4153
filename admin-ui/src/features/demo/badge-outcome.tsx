import { Link } from '@tanstack/react-router';
import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { DemoBadgeResult } from '#gateway/http/contract/demo.ts';
import { explainReasons } from '#gateway/http/contract/reasons.ts';
import styles from './demo.module.css';

const looks = {
  granted: { Icon: CircleCheck, title: 'Granted', className: styles.granted },
  denied: { Icon: CircleX, title: 'Denied', className: styles.denied },
  dropped: { Icon: CircleHelp, title: 'Not read', className: styles.noAnswer },
  no_answer: { Icon: CircleHelp, title: 'No answer', className: styles.noAnswer },
} as const;

export function BadgeOutcome({ result }: { result: DemoBadgeResult }) {
  const { Icon, title, className } = looks[result.outcome];
  return (
    <div className={`${styles.outcome} ${className}`}>
      <Icon size={24} aria-hidden />
      <div className={styles.outcomeBody}>
        <strong className={styles.outcomeTitle}>{title}</strong>
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
      </div>
    </div>
  );
}
