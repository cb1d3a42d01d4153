import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, DoorClosed, DoorOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MyLogEntry, PasskeysView } from '#gateway/http/contract/me.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { lastBadge, recentDenials, standingOf } from './overview.ts';
import styles from './portal.module.css';
import { myLogQuery, mySessionsQuery, passkeysQuery } from './portal-queries.ts';
import { ReasonLines } from './reason-lines.tsx';
import { SessionRows } from './session-rows.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const SESSIONS_SHOWN_MAX = 4;

/** Am I fine, where did I last badge, what is open in my name. */
export function OverviewPage() {
  const t = usePortalTexts();
  const name = useQuery(meQuery).data?.person?.displayName ?? '';
  const log = useInfiniteQuery(myLogQuery);
  const passkeys = useQuery(passkeysQuery);
  const sessions = useQuery(mySessionsQuery);
  return (
    <Page title={t('hello', { name })} sub={t('overview_sub')}>
      <Panel title={t('am_i_fine')}>
        <ul className={styles.rows}>
          <Loaded query={log} lines={2}>
            {({ pages }) => <LogChecks entries={pages.flatMap(({ entries }) => entries)} />}
          </Loaded>
          <Loaded query={passkeys} lines={2}>
            {(data) => <PasskeyChecks data={data} />}
          </Loaded>
        </ul>
      </Panel>
      <div className={columnsClass}>
        <Panel title={t('last_badge')}>
          <Loaded query={log}>{({ pages }) => <LastBadge entries={pages.flatMap(({ entries }) => entries)} />}</Loaded>
        </Panel>
        <Panel
          title={t('open_sessions')}
          aside={
            <Link to="/me/sessions" className={buttonClass('plain', 'small')}>
              {t('manage')}
            </Link>
          }
        >
          <Loaded query={sessions}>
            {(data) => (
              <>
                <SessionRows sessions={data.sessions.slice(0, SESSIONS_SHOWN_MAX)} />
                {data.sessions.length > SESSIONS_SHOWN_MAX && (
                  <p className={styles.more}>{t('session_count', { count: data.sessions.length })}</p>
                )}
              </>
            )}
          </Loaded>
        </Panel>
      </div>
    </Page>
  );
}

function Check({ isGood, children, action }: { isGood: boolean; children: ReactNode; action?: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <li className={isGood ? styles.good : styles.bad}>
      <Icon size={18} aria-hidden />
      <span>{children}</span>
      {action}
    </li>
  );
}

function LogChecks({ entries }: { entries: readonly MyLogEntry[] }) {
  const t = usePortalTexts();
  const isActive = standingOf(entries) === 'active';
  const denials = recentDenials(entries, Date.now());
  return (
    <>
      <Check isGood={isActive}>{t(isActive ? 'access_active' : 'access_restricted')}</Check>
      <Check
        isGood={denials === 0}
        action={
          denials > 0 && (
            <Link to="/me/log" className={buttonClass('plain', 'small')}>
              {t('see_log')}
            </Link>
          )
        }
      >
        {denials === 0 ? t('no_denials') : t('denials', { count: denials })}
      </Check>
    </>
  );
}

function PasskeyChecks({ data: { passkeys, recovery } }: { data: PasskeysView }) {
  const t = usePortalTexts();
  const isEnough = passkeys.length > 1;
  return (
    <>
      <Check
        isGood={isEnough}
        action={
          !isEnough && (
            <Link to="/me/passkeys" className={buttonClass('primary', 'small')}>
              {t('add_now')}
            </Link>
          )
        }
      >
        {t(isEnough ? 'passkeys_enough' : 'passkeys_one')}
      </Check>
      <Check isGood={recovery.registered}>{t(`recovery_from_${recovery.from}`)}</Check>
    </>
  );
}

function LastBadge({ entries }: { entries: readonly MyLogEntry[] }) {
  const t = usePortalTexts();
  const badge = lastBadge(entries);
  if (badge === null) return <Empty icon={DoorClosed} title={t('no_badge')} />;
  const granted = badge.effect === 'permit';
  const Icon = granted ? DoorOpen : DoorClosed;
  return (
    <ul className={styles.rows}>
      <li>
        <Icon size={18} aria-hidden />
        <div className={styles.what}>
          <span className={styles.name}>
            {badge.resource?.name ?? t('gone_thing')} <Chip tone={granted ? 'ok' : 'deny'}>{t(granted ? 'granted' : 'denied')}</Chip>
          </span>
          <span className={styles.facts}>
            <Ago atMs={badge.atMs} style="sentence" />
          </span>
          {!granted && <ReasonLines reasons={badge.reasons} />}
          <p className="soft">{t('not_you')}</p>
        </div>
      </li>
    </ul>
  );
}
