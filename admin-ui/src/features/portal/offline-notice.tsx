import { onlineManager } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './portal-layout.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** Queries wait while the browser is offline: without a word the page would look as if it were current. */
export function OfflineNotice() {
  const t = usePortalTexts();
  const isOnline = useSyncExternalStore(
    (onChange) => onlineManager.subscribe(onChange),
    () => onlineManager.isOnline(),
  );
  return (
    <div role="status" className={isOnline ? undefined : styles.offline}>
      {!isOnline && <Notice tone="warn">{t('offline')}</Notice>}
    </div>
  );
}
