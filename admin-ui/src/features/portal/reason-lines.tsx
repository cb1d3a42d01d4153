import type { AccessItem, Reason } from '#gateway/http/contract/me.ts';
import { useReasons } from '../../shared/i18n/use-reasons.ts';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

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

/** What is asked for beside what the person holds. */
export function Conditions({ conditions }: Pick<AccessItem, 'conditions'>) {
  const t = usePortalTexts();
  return conditions.map((condition) => (
    <p key={condition} className={styles.why}>
      {t(`condition_${condition}`)}
    </p>
  ));
}
