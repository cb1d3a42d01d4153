import { Fingerprint, Grip, IdCard, KeyRound, Link2 } from 'lucide-react';
import { useState } from 'react';
import type { PersonDetail } from '#gateway/http/contract/admin.ts';
import { capital, words } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { EnrolmentDialog } from './enrolment-dialog.tsx';

const icons = { badge: IdCard, passkey: Fingerprint, pin: Grip } as const;

export function CredentialsPanel({ detail, mayEnrol }: { detail: PersonDetail; mayEnrol: boolean }) {
  const [enrolling, setEnrolling] = useState(false);
  return (
    <Panel
      title="Credentials"
      aside={
        mayEnrol && (
          <Button size="small" icon={Link2} onClick={() => setEnrolling(true)}>
            Enrolment link
          </Button>
        )
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
      {enrolling && <EnrolmentDialog person={detail.person} onClose={() => setEnrolling(false)} />}
    </Panel>
  );
}
