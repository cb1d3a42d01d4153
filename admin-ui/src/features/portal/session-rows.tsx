import { AppWindow, EthernetPort, Globe, MonitorCog, RefreshCw, SquareTerminal, UserRound, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MySession } from '#gateway/http/contract/me.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { useInstantText } from '../../shared/ui/time.tsx';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const icons: Readonly<Record<MySession['kind'], LucideIcon>> = {
  portal: UserRound,
  console: MonitorCog,
  cli: SquareTerminal,
  sign_in: Globe,
  app_access: RefreshCw,
  vpn: EthernetPort,
};

/** What a session is called: of an app or a VPN by its own name. */
export function useSessionName(): (session: MySession) => string {
  const t = usePortalTexts();
  return ({ apps, kind, realmName }) => {
    if (kind === 'vpn') return realmName ?? t('session_vpn');
    const names = apps.map(({ name }) => name ?? t('gone_thing'));
    if (kind === 'app_access') return names[0] ?? t('session_app_access');
    if (kind === 'sign_in') return names.length === 0 ? t('session_sign_in_none') : names.join(', ');
    return t(`session_${kind}`);
  };
}

interface SessionRowsProps {
  readonly sessions: readonly MySession[];
  readonly end?: (session: MySession) => ReactNode;
}

export function SessionRows({ sessions, end }: SessionRowsProps) {
  const t = usePortalTexts();
  const nameOf = useSessionName();
  const instantText = useInstantText();
  return (
    <ul className={styles.rows}>
      {sessions.map((session) => {
        const Icon = session.kind === 'sign_in' && session.apps.length > 0 ? AppWindow : icons[session.kind];
        return (
          <li key={session.id}>
            <Icon size={18} aria-hidden />
            <div className={styles.what}>
              <span className={styles.name}>
                {nameOf(session)} {session.current && <Chip tone="ok">{t('this_session')}</Chip>}
              </span>
              <span className={styles.facts}>
                {(session.kind === 'app_access' || (session.kind === 'sign_in' && session.apps.length > 0)) && (
                  <span>{t(`session_${session.kind}`)}</span>
                )}
                <span>{t('since', { time: instantText(session.startedAtMs) })}</span>
                {session.seenAtMs !== null && <span>{t('seen', { time: instantText(session.seenAtMs) })}</span>}
                {session.expiresAtMs !== null && <span>{t('until', { time: instantText(session.expiresAtMs) })}</span>}
              </span>
            </div>
            {end?.(session)}
          </li>
        );
      })}
    </ul>
  );
}
