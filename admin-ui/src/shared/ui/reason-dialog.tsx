import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { postJson } from '../api/client.ts';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { Field } from './field.tsx';
import { DecisionNumber, ProblemNotice } from './states.tsx';

interface ReasonDialogProps<T> {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  /** Where the reason is sent, and what comes back. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  /** What the action makes out of date: the first part of the queries' keys. */
  readonly refresh: readonly string[];
  readonly done: (result: T) => { readonly title: string; readonly body: ReactNode };
  readonly onClose: () => void;
}

/** Every dialog that acts on someone or something: what it does, why, and then what came of it with the decision's number. */
export function ReasonDialog<T extends { readonly decisionId: string }>(props: ReasonDialogProps<T>) {
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (reason: string) => postJson(props.path, { reason }, props.schema),
    onSuccess: () => Promise.all(props.refresh.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
  if (act.isSuccess) {
    const { title, body } = props.done(act.data);
    return (
      <Dialog title={title} onClose={props.onClose}>
        {body}
        <DecisionNumber id={act.data.decisionId} />
        <DialogActions>
          <Button look="primary" onClick={props.onClose} autoFocus>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <ReasonForm {...props} busy={act.isPending} error={act.error} onSubmit={act.mutate} />
    </Dialog>
  );
}

interface ReasonFormProps extends Pick<ReasonDialogProps<unknown>, 'lead' | 'action' | 'icon' | 'look' | 'onClose'> {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (reason: string) => void;
}

function ReasonForm({ lead, action, icon, look, busy, error, onSubmit, onClose }: ReasonFormProps) {
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const body = reasonBodySchema.safeParse({ reason });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (body.success && !busy) onSubmit(body.data.reason);
      }}
    >
      <p>{lead}</p>
      <Field
        label="Reason"
        hint="It is recorded with the decision, so do not put secrets here."
        error={tried && !body.success ? 'Give a reason of 3 to 500 characters.' : undefined}
      >
        {(control) => (
          <textarea
            {...control}
            data-initial-focus
            rows={3}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        )}
      </Field>
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look={look} icon={icon} busy={busy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
