import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Ban } from 'lucide-react';
import { useState } from 'react';
import { suspendResultSchema, type PersonDetail, type Receipt } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { capital, words } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { ReasonForm } from '../../shared/ui/reason-form.tsx';
import { DecisionNumber, Notice } from '../../shared/ui/states.tsx';
import styles from './person-page.module.css';

export function SuspendDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { person, sessions } = detail;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const suspend = useMutation({
    mutationFn: () => postJson(`/api/people/${encodeURIComponent(person.id)}/suspend`, { reason: reason.trim() }, suspendResultSchema),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['people'] }), queries.invalidateQueries({ queryKey: ['log'] })]),
  });
  if (suspend.isSuccess) {
    return (
      <Dialog title={`${person.displayName} is suspended`} onClose={onClose}>
        <ReceiptView receipt={suspend.data.receipt} />
        <DecisionNumber id={suspend.data.decisionId} />
        <DialogActions>
          <Button look="primary" onClick={onClose} autoFocus>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  const live = sessions.length === 1 ? '1 live session ends' : `${String(sessions.length)} live sessions end`;
  return (
    <Dialog title={`Suspend ${person.displayName}?`} onClose={onClose}>
      <ReasonForm
        lead={`Every door refuses to let them in and ${live}, at once. The way out stays free. Undoing it takes two operators.`}
        action="Suspend"
        icon={Ban}
        look="danger"
        reason={reason}
        onReason={setReason}
        busy={suspend.isPending}
        error={suspend.error}
        onSubmit={() => suspend.mutate()}
        onCancel={onClose}
      />
    </Dialog>
  );
}

/** Each target with the time that it took to confirm: what is not confirmed is still exposed, and is said so. */
function ReceiptView({ receipt }: { receipt: Receipt }) {
  const contained = receipt.state === 'contained';
  return (
    <>
      <Notice tone={contained ? 'ok' : 'warn'} role="status">
        {contained
          ? `Contained: every target has confirmed. Epoch ${String(receipt.epoch)}.`
          : `Residual exposure: not every target has confirmed yet. Epoch ${String(receipt.epoch)}.`}
      </Notice>
      <ul className={styles.targets} aria-label="Receipt">
        {receipt.targets.map((target) => (
          <li key={`${target.target}/${target.method}`} className={styles.target}>
            <span>
              <strong>{capital(words(target.target))}</strong>{' '}
              <span className={styles.soft}>
                {words(target.method)}
                {target.count > 0 && ` ×${String(target.count)}`}
              </span>
            </span>
            <span className={styles.targetTime}>
              {target.acknowledgedAtMs === null ? (
                <Chip tone="warn">Not confirmed</Chip>
              ) : (
                <Chip tone="ok">{`${String(Math.max(0, target.acknowledgedAtMs - receipt.requestedAtMs))} ms`}</Chip>
              )}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
