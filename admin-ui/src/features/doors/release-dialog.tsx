import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Unlock } from 'lucide-react';
import { useState } from 'react';
import { releaseResultSchema, type DoorView } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { ReasonForm } from '../../shared/ui/reason-form.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { DecisionNumber, Notice } from '../../shared/ui/states.tsx';

/** One ordinary release, with a reason, decided and recorded like a badge. */
export function ReleaseDialog({ door, onClose }: { door: DoorView; onClose: () => void }) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const release = useMutation({
    mutationFn: () => postJson(`/api/doors/${encodeURIComponent(door.id)}/release`, { reason: reason.trim() }, releaseResultSchema),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['log'] }),
  });
  return (
    <Dialog title={`Release ${door.name} once`} onClose={onClose}>
      {release.isSuccess ? (
        <>
          <Notice tone={release.data.released ? 'ok' : 'warn'} role="status">
            {release.data.released ? 'The door was released for its usual time.' : `The door was not released: ${release.data.detail}`}
            <br />
            <DecisionNumber id={release.data.decisionId} />
          </Notice>
          <DialogActions>
            <Button look="primary" onClick={onClose} autoFocus>
              Done
            </Button>
          </DialogActions>
        </>
      ) : (
        <ReasonForm
          lead="The lock opens for its usual release time and closes again by itself. Your name and the reason are recorded."
          action="Release the door"
          icon={Unlock}
          look="primary"
          reason={reason}
          onReason={setReason}
          busy={release.isPending}
          error={release.error}
          onSubmit={() => release.mutate()}
          onCancel={onClose}
        />
      )}
    </Dialog>
  );
}
