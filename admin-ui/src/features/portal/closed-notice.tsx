import type { ClosedView } from '#gateway/http/contract/me.ts';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** What was closed, and plainly what may still be open. The region is there before it speaks, so that it is heard. */
export function ClosedNotice({ closed }: { closed: ClosedView | null }) {
  const t = usePortalTexts();
  return (
    <div role="status" className={styles.said}>
      {closed !== null && (
        <Notice tone={closed.residual.length === 0 ? 'ok' : 'warn'}>
          <p>{t('closed', { count: closed.sessions })}</p>
          {closed.residual.map((what) => (
            <p key={what}>{t(`residual_${what}`)}</p>
          ))}
        </Notice>
      )}
    </div>
  );
}
