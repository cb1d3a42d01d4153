import { useMutation, useQuery } from '@tanstack/react-query';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import { dataChangedSchema } from '#gateway/http/contract/policy-data.ts';
import { postJson } from '../../../shared/api/client.ts';
import { Dialog } from '../../../shared/ui/dialog.tsx';
import { Pending } from '../../../shared/ui/loaded.tsx';
import { ReasonForm } from '../../../shared/ui/reason-form.tsx';
import { Notice } from '../../../shared/ui/states.tsx';
import { dataDiffQuery } from '../data-queries.ts';
import { ChangeLines } from '../changes/preview-lines.tsx';
import { DATA_REASON_HINT } from '../changes/reason-hint.ts';
import { SavedVersion } from '../changes/saved-version.tsx';
import { useRefreshData } from '../use-refresh-data.ts';

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
          <ReasonForm
            hint={DATA_REASON_HINT}
            action="Go back"
            icon={Undo2}
            look="danger"
            busy={revert.isPending}
            error={revert.error}
            onSubmit={revert.mutate}
            onClose={onClose}
          />
        </>
      )}
    </Dialog>
  );
}

function WhatChanges({ from, to }: { from: number; to: number }) {
  const diff = useQuery(dataDiffQuery(from, to));
  if (diff.data === undefined) {
    return <Pending query={diff} lines={3} />;
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
