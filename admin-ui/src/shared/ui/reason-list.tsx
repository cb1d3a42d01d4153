import { CircleX } from 'lucide-react';
import type { ReasonText } from '#gateway/http/contract/common.ts';
import styles from './reason-list.module.css';
import { useWords } from './words.ts';

/** Why it is a no, and what to do about each reason. */
export function ReasonList({ reasons }: { reasons: readonly ReasonText[] }) {
  const words = useWords();
  return (
    <ul className={styles.reasons}>
      {reasons.map((reason) => {
        const { message, remedy, lang } = words.reason(reason);
        return (
          <li key={reason.code} className={styles.reason} lang={lang}>
            <CircleX size={18} aria-hidden />
            <div>
              <p className={styles.why}>{message}</p>
              <p className={styles.remedy}>{remedy}</p>
            </div>
          </li>
        );
      })}
    </ul>
  );
}
