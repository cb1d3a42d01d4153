import { Ban, CircleCheck, DoorOpen, ShieldAlert, ShieldCheck, ShieldOff, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { operatorName } from '../../shared/log/operator-name.ts';
import { Button } from '../../shared/ui/button.tsx';
import { agoText, useNow } from '../../shared/ui/time.tsx';
import styles from './person-page.module.css';
import { LiftDialog } from './lift-dialog.tsx';
import { ReinstateDialog } from './reinstate-dialog.tsx';
import { SuspendDialog } from './suspend-dialog.tsx';

interface StandingPanelProps {
  readonly detail: PersonDetail;
  readonly operatorId: string;
  readonly actions: readonly string[];
}

interface StandingWords {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly body: string;
}

const words: Readonly<Record<PersonDetail['person']['standing'], StandingWords>> = {
  active: { icon: CircleCheck, title: 'Active', body: 'The policy decides each door and each sign-in.' },
  restricted: { icon: ShieldAlert, title: 'Restricted', body: 'Sensitive areas and systems ask for more; the perimeter is unchanged.' },
  suspended: { icon: Ban, title: 'Suspended', body: 'Every way in is closed, at doors and systems alike. The way out stays free.' },
  departed: { icon: DoorOpen, title: 'Departed', body: 'All access has ended.' },
};

/** The person's standing and the two actions on it. The buttons follow the role; the gateway decides. */
export function StandingPanel({ detail, operatorId, actions }: StandingPanelProps) {
  const [dialog, setDialog] = useState<'none' | 'suspend' | 'reinstate' | 'lift'>('none');
  const { person, reinstatement, restriction } = detail;
  const { icon: Icon, title, body } = words[person.standing];
  const maySuspend = actions.includes('person.suspend') && (person.standing === 'active' || person.standing === 'restricted');
  const mayReinstate = actions.includes('person.reinstate') && person.standing === 'suspended';
  const mayLift = actions.includes('person.unrestrict') && person.standing === 'restricted';
  const asked = reinstatement !== null && reinstatement.requestedById === operatorId;
  return (
    <section className={styles.banner} data-standing={person.standing} aria-label="Standing">
      <span className={styles.bannerIcon}>
        <Icon size={20} aria-hidden />
      </span>
      <div className={styles.bannerText}>
        <h2 className={styles.bannerTitle}>{title}</h2>
        <p className={styles.bannerBody}>{body}</p>
        {person.standing === 'restricted' && restriction !== null && <Restricted restriction={restriction} />}
        {reinstatement !== null && <Waiting reinstatement={reinstatement} asked={asked} />}
      </div>
      <div className={styles.bannerActions}>
        {maySuspend && (
          <Button look="danger" icon={Ban} onClick={() => setDialog('suspend')}>
            Suspend
          </Button>
        )}
        {mayLift && (
          <Button icon={ShieldOff} onClick={() => setDialog('lift')}>
            End the restriction
          </Button>
        )}
        {mayReinstate && (
          <Button
            icon={ShieldCheck}
            look={reinstatement === null || asked ? 'plain' : 'primary'}
            disabled={asked}
            onClick={() => setDialog('reinstate')}
          >
            {asked ? 'Waiting for a second operator' : reinstatement === null ? 'Reinstate' : 'Confirm reinstatement'}
          </Button>
        )}
      </div>
      {dialog === 'suspend' && <SuspendDialog detail={detail} onClose={() => setDialog('none')} />}
      {dialog === 'lift' && <LiftDialog detail={detail} onClose={() => setDialog('none')} />}
      {dialog === 'reinstate' && <ReinstateDialog detail={detail} onClose={() => setDialog('none')} />}
    </section>
  );
}

function Restricted({ restriction }: { restriction: NonNullable<PersonDetail['restriction']> }) {
  const nowMs = useNow(15_000);
  const what = restriction.cause.startsWith('login:') ? 'logins' : 'a door';
  return (
    <p className={styles.waiting}>
      Cameras at {what} saw somebody else with this person&apos;s badge or login several times. It ends by itself{' '}
      {agoText(restriction.untilMs, nowMs, 'sentence')}.
    </p>
  );
}

function Waiting({ reinstatement, asked }: { reinstatement: NonNullable<PersonDetail['reinstatement']>; asked: boolean }) {
  const nowMs = useNow(15_000);
  return (
    <p className={styles.waiting}>
      {asked ? 'You have' : `${operatorName(reinstatement.requestedById, reinstatement.requestedBy)} has`} asked for reinstatement: “
      {reinstatement.reason}”. A second, different operator completes it. The request ends{' '}
      {agoText(reinstatement.expiresAtMs, nowMs, 'sentence')}.
    </p>
  );
}
