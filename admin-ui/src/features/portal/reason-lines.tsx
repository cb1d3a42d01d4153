import { useReasons } from '../../shared/i18n/use-reasons.ts';
import type { Reason } from '#gateway/http/contract/me.ts';
import styles from './portal.module.css';

/** Why it is a no, and what to do, below the thing that is closed. */
export function ReasonLines({ reasons }: { reasons: readonly Reason[] }) {
  const explain = useReasons();
  return reasons.map((reason) => {
    const { message, remedy } = explain(reason);
    return (
      <p key={reason.code} className={styles.why}>
        {message} <span className={styles.remedy}>{remedy}</span>
      </p>
    );
  });
}
