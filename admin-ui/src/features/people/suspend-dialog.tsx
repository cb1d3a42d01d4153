import { Ban } from 'lucide-react';
import { suspendResultSchema, type PersonDetail, type Receipt } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { capital, words } from '../../shared/log/describe-record.ts';
import { Chip } from '../../shared/ui/chip.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './person-page.module.css';
import { sessionCountText } from './session-count-text.ts';

export function SuspendDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { person, sessions } = detail;
  return (
    <ReasonDialog
      title={`Suspend ${person.displayName}?`}
      lead={`Every door refuses to let them in, at once. ${sessionCountText(sessions.length)}. The way out stays free. Undoing it takes two operators.`}
      action="Suspend"
      icon={Ban}
      look="danger"
      send={(reason) => postJson(`/api/people/${encodeURIComponent(person.id)}/suspend`, { reason }, suspendResultSchema)}
      refresh={['people', 'log']}
      done={({ receipt, decisionId }) => ({
        title: `${person.displayName} is suspended`,
        body: <ReceiptView receipt={receipt} />,
        decisionId,
      })}
      onClose={onClose}
    />
  );
}

/** Each target with the time that it took to confirm: what is not confirmed is still exposed, and is said so. */
function ReceiptView({ receipt }: { receipt: Receipt }) {
  const contained = receipt.state === 'contained';
  return (
    <>
      <Notice tone={contained ? 'ok' : 'warn'} role="status">
        {contained
          ? 'Contained: every target has confirmed.'
          : 'Residual exposure: not every target has confirmed yet. What has not may still let them in.'}
      </Notice>
      <ul className={styles.targets} aria-label="Receipt">
        {receipt.targets.map((target) => (
          <li key={`${target.target}/${target.method}`} className={styles.target}>
            <span>
              <strong>{capital(words(target.target))}</strong>{' '}
              <span className="soft">
                {words(target.method)}
                {target.count > 0 && ` ×${String(target.count)}`}
              </span>
            </span>
            {target.acknowledgedAtMs === null ? (
              <Chip tone="warn">Not confirmed</Chip>
            ) : (
              <Chip tone="ok">{`${String(Math.max(0, target.acknowledgedAtMs - receipt.requestedAtMs))} ms`}</Chip>
            )}
          </li>
        ))}
      </ul>
    </>
  );
}
