import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import {
  DoorOpen,
  Fingerprint,
  House,
  LifeBuoy,
  LogOut,
  MonitorCog,
  MonitorSmartphone,
  ScanFace,
  ScrollText,
  type LucideIcon,
} from 'lucide-react';
import { emptySchema } from '#gateway/http/contract/common.ts';
import type { Language } from '#gateway/http/contract/language.ts';
import { languageBodySchema } from '#gateway/http/contract/me.ts';
import { deleteJson, putJson } from '../../shared/api/client.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { LanguageSwitch } from '../../shared/i18n/language-switch.tsx';
import { BrandMark } from '../../shared/ui/brand.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './portal-layout.module.css';
import { useKeptFaceCode } from './kept-face-code.ts';
import { PORTAL_KEY } from './portal-queries.ts';
import type { SignedIn } from './signed-in.ts';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const pages = [
  { to: '/me', key: 'overview', icon: House },
  { to: '/me/passkeys', key: 'passkeys', icon: Fingerprint },
  { to: '/me/sessions', key: 'sessions', icon: MonitorSmartphone },
  { to: '/me/access', key: 'access', icon: DoorOpen },
  { to: '/me/log', key: 'log', icon: ScrollText },
  { to: '/me/recovery', key: 'recovery', icon: LifeBuoy },
] as const satisfies readonly { to: string; key: string; icon: LucideIcon }[];
/** For those who carry one here. */
const facePage = { to: '/me/face', key: 'face', icon: ScanFace } as const;

export function PortalNavigation({ me }: { me: SignedIn }) {
  const t = usePortalTexts();
  const queries = useQueryClient();
  const hasFaceCode = useKeptFaceCode(me.person.id) !== null;
  const keepLanguage = useMutation({
    mutationFn: (language: Language) => putJson('/api/me/language', { language }, languageBodySchema),
    onSuccess: ({ language }) => queries.setQueryData(meQuery.queryKey, { ...me, language }),
  });
  const signOut = useMutation({
    mutationFn: () => deleteJson('/api/me/session', emptySchema),
    onSettled: () => {
      queries.removeQueries({ queryKey: [PORTAL_KEY] });
      // Whatever the gateway answered, what it says about the session now is the truth.
      return queries.invalidateQueries({ queryKey: meQuery.queryKey });
    },
  });
  return (
    <header className={styles.head}>
      <div className={styles.top}>
        <span className={styles.brand}>
          <BrandMark /> Gatehouse
        </span>
        <span className={styles.who}>{me.person.displayName}</span>
        <LanguageSwitch onChange={keepLanguage.mutate} />
      </div>
      <div className={styles.ways}>
        {me.console && (
          <Link to="/console" className={styles.link}>
            <MonitorCog size={16} aria-hidden /> {t('console')}
          </Link>
        )}
        <button type="button" className={styles.link} aria-busy={signOut.isPending || undefined} onClick={() => signOut.mutate()}>
          <LogOut size={16} aria-hidden /> {t('sign_out')}
        </button>
      </div>
      <nav className={styles.links} aria-label={t('portal')}>
        {(hasFaceCode ? [...pages, facePage] : pages).map(({ to, key, icon: Icon }) => (
          <Link key={to} to={to} activeOptions={{ exact: to === '/me', includeSearch: false }} className={styles.link}>
            <Icon size={16} aria-hidden /> {t(key)}
          </Link>
        ))}
      </nav>
      <div role="status" className={styles.note}>
        {keepLanguage.isError && <Notice tone="warn">{t('language_not_kept')}</Notice>}
      </div>
    </header>
  );
}
