import { useMutation } from '@tanstack/react-query';
import { Fingerprint, IdCard, KeyRound, Link2 } from 'lucide-react';
import { useState } from 'react';
import { enrolmentLinkSchema, type PersonDetail } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { capital, words } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, ProblemNotice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import styles from './person-page.module.css';

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
        <ul>
          {detail.credentials.map((credential) => (
            <li key={credential.id} className={styles.item}>
              {credential.kind === 'badge' ? <IdCard size={16} aria-hidden /> : <Fingerprint size={16} aria-hidden />}
              <span>
                <strong>{credential.label}</strong> <span className={styles.soft}>{credential.kind}</span>
              </span>
              <Chip tone={credential.status === 'active' ? 'ok' : 'deny'}>{capital(words(credential.status))}</Chip>
            </li>
          ))}
        </ul>
      )}
      {enrolling && <EnrolmentDialog detail={detail} onClose={() => setEnrolling(false)} />}
    </Panel>
  );
}

function EnrolmentDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { person } = detail;
  const create = useMutation({
    mutationFn: () => postJson(`/api/people/${encodeURIComponent(person.id)}/enrolment`, {}, enrolmentLinkSchema),
  });
  return (
    <Dialog title={`Enrolment link for ${person.displayName}`} onClose={onClose}>
      {create.isSuccess ? (
        <>
          <p>
            Hand it to {person.displayName} in person. It works once, until <Instant atMs={create.data.expiresAtMs} />, and is not shown
            again.
          </p>
          <div className={styles.once}>
            <code>{create.data.url}</code>
            <span>
              <CopyButton text={create.data.url} label="Copy the link" size="medium" />
            </span>
          </div>
          <DialogActions>
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </DialogActions>
        </>
      ) : (
        <>
          <p>Whoever opens the link can create a passkey as {person.displayName}. Creating it is recorded.</p>
          {create.isError && <ProblemNotice error={create.error} />}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" icon={Link2} busy={create.isPending} onClick={() => create.mutate()} data-initial-focus>
              Create the link
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
