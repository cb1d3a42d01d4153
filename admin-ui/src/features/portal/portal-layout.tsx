import { useQuery } from '@tanstack/react-query';
import { useEffect, type ReactNode } from 'react';
import type { MeView } from '#gateway/http/contract/me.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { changeLanguage } from '../../shared/i18n/i18n.ts';
import { currentLanguage } from '../../shared/i18n/people-provider.tsx';
import { PersonFrame } from '../../shared/i18n/person-frame.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { SkipLink } from '../../shared/ui/skip-link.tsx';
import { OfflineNotice } from './offline-notice.tsx';
import styles from './portal-layout.module.css';
import { PortalNavigation } from './portal-navigation.tsx';
import { PortalSignIn } from './portal-sign-in.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

/** The frame of every page of the portal. Without a session it is the sign-in; the address stays, so that it leads on afterwards. */
export function PortalLayout({ children }: { children: ReactNode }) {
  const t = usePortalTexts();
  const query = useQuery(meQuery);
  const me = query.data;
  usePreferredLanguage(me?.language ?? null);
  if (me === undefined) {
    return (
      <PersonFrame title={t('portal')}>
        <Pending query={query} lines={3} />
      </PersonFrame>
    );
  }
  if (me.person === null) return <PortalSignIn />;
  return (
    <div className={styles.frame}>
      <SkipLink text={t('skip')} />
      <PortalNavigation me={{ ...me, person: me.person }} />
      <main id="main" className={styles.main} tabIndex={-1}>
        <OfflineNotice />
        {children}
      </main>
    </div>
  );
}

/** What the person chose anywhere holds here too, as soon as it is known who they are. */
function usePreferredLanguage(preferred: MeView['language']): void {
  useEffect(() => {
    if (preferred !== null && preferred !== currentLanguage()) void changeLanguage(preferred);
  }, [preferred]);
}
