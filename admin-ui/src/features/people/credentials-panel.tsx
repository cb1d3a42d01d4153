import { Fingerprint, Grip, IdCard, KeyRound, LifeBuoy, Link2 } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { capital, words } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { EnrolmentDialog } from './enrolment-dialog.tsx';
import styles from './person-page.module.css';
import { RecoveryDialog } from './recovery-dialog.tsx';

const icons = { badge: IdCard, passkey: Fingerprint, pin: Grip } as const;

export function CredentialsPanel({ detail, actions }: { detail: PersonDetail; actions: readonly string[] }) {
  const [dialog, setDialog] = useState<'none' | 'link' | 'recovery'>('none');
  const mayEnrol = actions.includes('person.enrol');
  const mayRecover = actions.includes('person.recover');
  return (
    <Panel
      title="Credentials"
      aside={
        <span className={styles.bannerActions}>
          {mayEnrol && (
            <Button size="small" icon={Link2} onClick={() => setDialog('link')}>
              Enrolment link
            </Button>
          )}
          {(mayEnrol || mayRecover) && (
            <Button size="small" icon={LifeBuoy} onClick={() => setDialog('recovery')}>
              Way back in
            </Button>
          )}
        </span>
      }
    >
      {detail.credentials.length === 0 ? (
        <Empty icon={KeyRound} title="No credentials">
          An enrolment link lets the person create a passkey.
        </Empty>
      ) : (
        <ItemList
          items={detail.credentials.map(({ id, kind, label, status }) => ({
            key: id,
            icon: icons[kind],
            name: label,
            note: kind === 'pin' ? 'for readers with keys' : kind,
            aside: <Chip tone={status === 'active' ? 'ok' : 'deny'}>{capital(words(status))}</Chip>,
          }))}
        />
      )}
      {dialog === 'link' && <EnrolmentDialog person={detail.person} onClose={() => setDialog('none')} />}
      {dialog === 'recovery' && (
        <RecoveryDialog
          person={detail.person}
          evidences={mayRecover ? (mayEnrol ? ['badge', 'admin'] : ['badge']) : ['admin']}
          onClose={() => setDialog('none')}
        />
      )}
    </Panel>
  );
}
