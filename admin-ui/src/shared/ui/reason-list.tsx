import { CircleX } from 'lucide-react';
import type { ReasonText } from '#gateway/http/contract/common.ts';
import styles from './reason-list.module.css';

/** Why it is a no, and what to do about each reason. */
export function ReasonList({ reasons }: { reasons: readonly ReasonText[] }) {
  return (
    <ul className={styles.reasons}>
      {reasons.map((reason) => (
        <li key={reason.code} className={styles.reason}>
          <CircleX size={18} aria-hidden />
          <div>
            <p className={styles.why}>{reason.message}</p>
            <p className={styles.remedy}>{reason.remedy}</p>
          </div>
        </li>
      ))}
    </ul>
  );
}
