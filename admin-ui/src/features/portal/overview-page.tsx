import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, DoorClosed, DoorOpen } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MyOverview, PasskeysView } from '#gateway/http/contract/me.ts';
import { meQuery } from '../../shared/api/queries.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Loaded } from '../../shared/ui/loaded.tsx';
import { columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './portal.module.css';
import { mySessionsQuery, overviewQuery, passkeysQuery } from './portal-queries.ts';
import { ReasonLines } from './reason-lines.tsx';
import { SessionRows } from './session-rows.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

const SESSIONS_SHOWN_MAX = 4;

/** Am I fine, where did I last badge, what is open in my name. */
export function OverviewPage() {
  const t = usePortalTexts();
  const name = useQuery(meQuery).data?.person?.displayName ?? '';
  const overview = useQuery(overviewQuery);
  const passkeys = useQuery(passkeysQuery);
  const sessions = useQuery(mySessionsQuery);
  return (
    <Page title={t('hello', { name })} sub={t('overview_sub')}>
      <Panel title={t('am_i_fine')}>
        <Loaded query={overview} lines={2}>
          {(data) => <LogChecks overview={data} />}
        </Loaded>
        <Loaded query={passkeys} lines={2}>
          {(data) => <PasskeyChecks data={data} />}
        </Loaded>
      </Panel>
      <div className={columnsClass}>
        <Panel title={t('last_badge')}>
          <Loaded query={overview}>{({ lastBadge }) => <LastBadge {...lastBadge} />}</Loaded>
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
      {action !== undefined && action !== false && <div className={styles.end}>{action}</div>}
    </li>
  );
}

/** All clear is said only of what was looked through to its end. */
function denialsText(t: ReturnType<typeof usePortalTexts>, { count, isWhole }: MyOverview['denials']): string {
  if (isWhole) return count === 0 ? t('no_denials') : t('denials', { count });
  return count === 0 ? t('denials_unknown') : t('denials_at_least', { count });
}

function LogChecks({ overview: { denials, standing } }: { overview: MyOverview }) {
  const t = usePortalTexts();
  const isClear = denials.isWhole && denials.count === 0;
  return (
    <ul className={styles.rows}>
      <Check isGood={standing === 'active'}>{t(`access_${standing}`)}</Check>
      <Check
        isGood={isClear}
        action={
          !isClear && (
            <Link to="/me/log" className={buttonClass('plain', 'small')}>
              {t('see_log')}
            </Link>
          )
        }
      >
        {denialsText(t, denials)}
      </Check>
    </ul>
  );
}

/** With none left no passkey can confirm a new one: that takes the way of whoever has lost them. */
const counts = {
  none: { text: 'passkeys_none', way: { to: '/me/recovery', key: 'to_recovery' } },
  one: { text: 'passkeys_one', way: { to: '/me/passkeys', key: 'add_now' } },
  more: { text: 'passkeys_enough', way: null },
} as const;

function PasskeyChecks({ data: { passkeys, recovery } }: { data: PasskeysView }) {
  const t = usePortalTexts();
  const { text, way } = counts[passkeys.length === 0 ? 'none' : passkeys.length === 1 ? 'one' : 'more'];
  return (
    <ul className={styles.rows}>
      <Check
        isGood={way === null}
        action={
          way !== null && (
            <Link to={way.to} className={buttonClass('primary', 'small')}>
              {t(way.key)}
            </Link>
          )
        }
      >
        {t(text)}
      </Check>
      <Check isGood={recovery.registered}>{t(`recovery_from_${recovery.from}`)}</Check>
    </ul>
  );
}

function LastBadge({ entry: badge, isWhole }: MyOverview['lastBadge']) {
  const t = usePortalTexts();
  if (badge === null) return <Empty icon={DoorClosed} title={t(isWhole ? 'no_badge' : 'badge_unknown')} />;
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
