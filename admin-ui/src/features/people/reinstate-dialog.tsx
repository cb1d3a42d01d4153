import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { reinstateResultSchema, type PersonDetail } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { ReasonForm } from '../../shared/ui/reason-form.tsx';
import { DecisionNumber, Notice } from '../../shared/ui/states.tsx';

export function ReinstateDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { person } = detail;
  // Kept as it was when the dialog opened: the page behind is refreshed by the answer.
  const [first] = useState(detail.reinstatement);
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const reinstate = useMutation({
    mutationFn: () => postJson(`/api/people/${encodeURIComponent(person.id)}/reinstate`, { reason: reason.trim() }, reinstateResultSchema),
    onSuccess: () => Promise.all([queries.invalidateQueries({ queryKey: ['people'] }), queries.invalidateQueries({ queryKey: ['log'] })]),
  });
  if (reinstate.isSuccess) {
    const done = reinstate.data.state === 'reinstated';
    return (
      <Dialog title={done ? `${person.displayName} is active again` : 'Waiting for a second operator'} onClose={onClose}>
        <Notice tone={done ? 'ok' : 'warn'} role="status">
          {done
            ? 'Doors and systems ask the policy again from now on. Sessions that were ended stay ended.'
            : 'Your request is recorded. Nothing is open yet: a second, different operator has to confirm it on this page.'}
        </Notice>
        <DecisionNumber id={reinstate.data.decisionId} />
        <DialogActions>
          <Button look="primary" onClick={onClose} autoFocus>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={first === null ? `Reinstate ${person.displayName}?` : `Confirm reinstating ${person.displayName}?`} onClose={onClose}>
      <ReasonForm
        lead={
          first === null
            ? 'This takes two different operators. You are the first: nothing opens until the second one confirms.'
            : `${first.requestedBy} asked for it: “${first.reason}”. You are the second operator; your confirmation opens doors and systems again.`
        }
        action={first === null ? 'Ask for reinstatement' : 'Confirm reinstatement'}
        icon={ShieldCheck}
        look="primary"
        reason={reason}
        onReason={setReason}
        busy={reinstate.isPending}
        error={reinstate.error}
        onSubmit={() => reinstate.mutate()}
        onCancel={onClose}
      />
    </Dialog>
  );
}
