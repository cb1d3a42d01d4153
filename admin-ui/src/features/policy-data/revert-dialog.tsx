import { useMutation, useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { dataChangedSchema } from '#gateway/http/contract/policy-data.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { ErrorState, Notice, ProblemNotice, Skeleton } from '../../shared/ui/states.tsx';
import { dataDiffQuery } from './data-queries.ts';
import { ChangeLines } from './preview-lines.tsx';
import { ReasonField } from './reason-field.tsx';
import { SavedVersion } from './saved-version.tsx';
import { useRefreshData } from './use-refresh-data.ts';

interface RevertDialogProps {
  readonly baseVersion: number;
  readonly toVersion: number;
  readonly onClose: () => void;
}

/** Makes the data what it was, with what that changes shown first. */
export function RevertDialog({ baseVersion, toVersion, onClose }: RevertDialogProps) {
  const [base] = useState(baseVersion);
  const refresh = useRefreshData();
  const revert = useMutation({
    mutationFn: (reason: string) => postJson('/api/policy/data/revert', { baseVersion: base, toVersion, reason }, dataChangedSchema),
    onSuccess: refresh,
  });
  return (
    <Dialog title={`Back to version ${String(toVersion)}`} onClose={onClose}>
      {revert.isSuccess ? (
        <SavedVersion saved={revert.data} onClose={onClose} />
      ) : (
        <>
          <WhatChanges from={base} to={toVersion} />
          <RevertForm error={revert.error} busy={revert.isPending} onRevert={revert.mutate} onClose={onClose} />
        </>
      )}
    </Dialog>
  );
}

function WhatChanges({ from, to }: { from: number; to: number }) {
  const diff = useQuery(dataDiffQuery(from, to));
  if (diff.data === undefined) {
    return diff.isError ? <ErrorState error={diff.error} onRetry={() => void diff.refetch()} /> : <Skeleton lines={3} />;
  }
  return (
    <div className="stack-s">
      <p>The data becomes what it was in version {to}, as a new version. Exceptions that are over stay gone.</p>
      <ChangeLines lines={diff.data.lines} />
      {diff.data.total > diff.data.lines.length && <p className="soft">and {diff.data.total - diff.data.lines.length} more</p>}
      {diff.data.lines.some(({ opens }) => opens) && <Notice tone="warn">This may let in somebody who is not let in now.</Notice>}
    </div>
  );
}

interface RevertFormProps {
  readonly error: Error | null;
  readonly busy: boolean;
  readonly onRevert: (reason: string) => void;
  readonly onClose: () => void;
}

function RevertForm({ error, busy, onRevert, onClose }: RevertFormProps) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const body = reasonBodySchema.safeParse({ reason });
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (body.success && !busy) onRevert(body.data.reason);
      }}
    >
      <ReasonField reason={reason} isMissing={tried && !body.success} onReason={setReason} />
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="danger" icon={Undo2} busy={busy}>
          Go back
        </Button>
      </DialogActions>
    </form>
  );
}
