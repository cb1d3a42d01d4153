import { AppWindow, Ban, CircleCheck, DoorOpen, EthernetPort, Fingerprint, LogIn, LogOut, UserRound, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { MyLogEntry } from '#gateway/http/contract/me.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import styles from './portal.module.css';
import { Conditions, ReasonLines } from './reason-lines.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

type EntryOf<Kind extends MyLogEntry['kind']> = Extract<MyLogEntry, { readonly kind: Kind }>;

/** One line of the person's own log: what, when, and why if it was a no. */
export function LogRow({ entry }: { entry: MyLogEntry }) {
  switch (entry.kind) {
    case 'decision':
      return <DecisionRow entry={entry} />;
    case 'session':
      return <SessionRow entry={entry} />;
    case 'credential':
      return <CredentialRow entry={entry} />;
    case 'standing':
      return <StandingRow entry={entry} />;
  }
}

interface RowProps {
  readonly icon: LucideIcon;
  readonly atMs: number;
  readonly name: ReactNode;
  readonly children?: ReactNode;
}

function Row({ atMs, children, icon: Icon, name }: RowProps) {
  return (
    <li>
      <Icon size={18} aria-hidden />
      <div className={styles.what}>
        <span className={styles.name}>{name}</span>
        {children}
      </div>
      <span className={styles.time}>
        <Instant atMs={atMs} precision="minute" />
      </span>
    </li>
  );
}

const decisionIcons: Readonly<Record<EntryOf<'decision'>['action'], LucideIcon>> = {
  'door.unlock': DoorOpen,
  'app.login': AppWindow,
  'vpn.connect': EthernetPort,
  'console.sign_in': UserRound,
  'self.sign_in': UserRound,
  'self.change': Fingerprint,
};

function DecisionRow({ entry }: { entry: EntryOf<'decision'> }) {
  const t = usePortalTexts();
  const { action, atMs, conditions, decisionId, effect, network, reasons, resource } = entry;
  const granted = effect === 'permit';
  const isConditional = granted && conditions.length > 0;
  const own = action === 'self.sign_in' ? t('action_self_sign_in') : action === 'self.change' ? t('action_self_change') : t('the_console');
  return (
    <Row
      icon={decisionIcons[action]}
      atMs={atMs}
      name={
        <>
          {resource === null ? own : (resource.name ?? t('gone_thing'))}
          {isConditional ? (
            <Chip tone="warn">{t('state_conditional')}</Chip>
          ) : (
            <Chip tone={granted ? 'ok' : 'deny'}>{t(granted ? 'granted' : 'denied')}</Chip>
          )}
        </>
      }
    >
      {network !== 'none' && <span className={styles.facts}>{t(`network_${network}`)}</span>}
      <Conditions conditions={conditions} />
      <ReasonLines reasons={reasons} />
      {!granted && <code className={styles.facts}>{decisionId}</code>}
    </Row>
  );
}

const causes = {
  signed_out: 'cause_signed_out',
  signed_in_again: 'cause_signed_in_again',
  closed_by_person: 'cause_closed_by_person',
  expired: 'cause_expired',
  'desk.revoked': 'cause_desk_revoked',
  'desk.removed': 'cause_desk_removed',
  'desk.owner_left': 'cause_desk_revoked',
  'desk.lost': 'cause_desk_lost',
} as const;

function SessionRow({ entry: { atMs, cause, event, name, session } }: { entry: EntryOf<'session'> }) {
  const t = usePortalTexts();
  const known = Object.hasOwn(causes, cause) ? causes[cause as keyof typeof causes] : null;
  return (
    <Row
      icon={event === 'started' ? LogIn : LogOut}
      atMs={atMs}
      name={t(event === 'started' ? 'session_started' : 'session_ended', { name: name ?? t(`session_${session}`) })}
    >
      {event === 'ended' && known !== null && <span className={styles.facts}>{t(known)}</span>}
    </Row>
  );
}

function CredentialRow({ entry: { atMs, by, credential, event, name } }: { entry: EntryOf<'credential'> }) {
  const t = usePortalTexts();
  return (
    <Row
      icon={event === 'authentication_failed' ? Ban : Fingerprint}
      atMs={atMs}
      name={`${t(`credential_${credential}`)}${name === null ? '' : ` ${t('quoted', { name })}`}: ${t(`event_${event}`)}`}
    >
      <span className={styles.facts}>{t(`by_${by}`)}</span>
    </Row>
  );
}

function StandingRow({ entry: { atMs, to } }: { entry: EntryOf<'standing'> }) {
  const t = usePortalTexts();
  return <Row icon={to === 'active' ? CircleCheck : Ban} atMs={atMs} name={t(`standing_${to}`)} />;
}
