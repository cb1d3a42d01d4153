import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowLeft, Check } from 'lucide-react';
import { useEffect, useState } from 'react';
import { dataChangedSchema, dataPreviewSchema, type DataPreview, type ItemChange } from '#gateway/http/contract/policy-data.ts';
import { toApiError } from '../../../shared/api/api-error.ts';
import { postJson } from '../../../shared/api/client.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { DialogActions } from '../../../shared/ui/dialog.tsx';
import { ReasonForm } from '../../../shared/ui/reason-form.tsx';
import { Notice, ProblemNotice, Skeleton } from '../../../shared/ui/states.tsx';
import { fieldOfItem, type FieldErrors } from './check-change.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import { policyDataQuery } from '../data-queries.ts';
import { ImpactHeadline } from './impact-headline.tsx';
import { PreviewLines } from './preview-lines.tsx';
import { DATA_REASON_HINT } from './reason-hint.ts';
import { SavedVersion } from './saved-version.tsx';
import { useRefreshData } from '../use-refresh-data.ts';

interface ReviewChangesProps {
  /** What the form was filled from. */
  readonly baseVersion: number;
  readonly changes: readonly ItemChange[];
  /** Back to the form, which there is not for taking something out; with what the gateway has against a field of it. */
  readonly onBack?: (errors?: FieldErrors) => void;
  readonly onClose: () => void;
}

/** What a change does, before it is made: what differs, what the policy reads then, and the reason for which it is made. */
export function ReviewChanges({ baseVersion, changes, onBack, onClose }: ReviewChangesProps) {
  const [base, setBase] = useState(baseVersion);
  const refresh = useRefreshData();
  const preview = useQuery({
    queryKey: ['policy-data-preview', base, changes],
    queryFn: () => postJson('/api/policy/data/preview', { baseVersion: base, changes }, dataPreviewSchema),
    retry: false,
    gcTime: 0,
  });
  const save = useMutation({
    mutationFn: (reason: string) => postJson('/api/policy/data/changes', { baseVersion: base, changes, reason }, dataChangedSchema),
    onSuccess: refresh,
  });
  const refused = refusedField(preview.error ?? save.error);
  useEffect(() => {
    if (refused !== null) onBack?.(refused);
    // Once for each answer: not again when the form's owner is drawn anew.
  }, [preview.error, save.error]);
  if (save.isSuccess) return <SavedVersion saved={save.data} onClose={onClose} />;
  const failure = save.error ?? preview.error;
  if (failure !== null && toApiError(failure).status === 409) {
    return (
      <ConflictNotice
        baseVersion={base}
        message={toApiError(failure).message}
        changes={changes}
        onTakeTheirs={onClose}
        onPutOnTop={(version) => {
          save.reset();
          setBase(version);
        }}
      />
    );
  }
  if (preview.data === undefined) {
    return (
      <>
        {preview.isError ? <ProblemNotice error={preview.error} /> : <Skeleton lines={4} label="Working out what this changes" />}
        <DialogActions>{onBack !== undefined && <BackButton onBack={() => onBack()} />}</DialogActions>
      </>
    );
  }
  return (
    <ReviewForm
      preview={preview.data}
      impact={{ baseVersion: base, changes }}
      busy={save.isPending}
      error={save.error}
      onSave={save.mutate}
      {...(onBack === undefined ? {} : { onBack: () => onBack() })}
      onClose={onClose}
    />
  );
}

/** What the gateway says of one field of the item, which only it could know: that the profile is there, say. */
function refusedField(error: Error | null): FieldErrors | null {
  if (error === null) return null;
  const { field, message } = toApiError(error);
  const named = fieldOfItem(field);
  return named === null ? null : { [named]: message.replace(`${field ?? ''}: `, 'This ') };
}

interface ReviewFormProps {
  readonly preview: DataPreview;
  readonly impact: { readonly baseVersion: number; readonly changes: readonly ItemChange[] };
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSave: (reason: string) => void;
  readonly onBack?: () => void;
  readonly onClose: () => void;
}

function ReviewForm({ preview, impact, busy, error, onSave, onBack, onClose }: ReviewFormProps) {
  const { data } = useQuery(policyDataQuery);
  const mayNot = preview.action === 'policy.data_open' && data?.may.open === false;
  const what = (
    <>
      <PreviewLines preview={preview} />
      <ImpactHeadline request={impact} />
    </>
  );
  const back = onBack === undefined ? <Button onClick={onClose}>Cancel</Button> : <BackButton onBack={onBack} />;
  if (mayNot) {
    return (
      <div className="stack">
        {what}
        <Notice tone="warn">This may let somebody in who is not let in now. Your role does not allow that.</Notice>
        <DialogActions>{back}</DialogActions>
      </div>
    );
  }
  return (
    <ReasonForm
      lead={what}
      hint={DATA_REASON_HINT}
      action={preview.opens ? 'Open it' : 'Save'}
      icon={Check}
      look={preview.opens ? 'danger' : 'primary'}
      busy={busy}
      error={error}
      back={back}
      onSubmit={onSave}
      onClose={onClose}
    />
  );
}

function BackButton({ onBack }: { onBack: () => void }) {
  return (
    <Button icon={ArrowLeft} onClick={onBack}>
      Back
    </Button>
  );
}
