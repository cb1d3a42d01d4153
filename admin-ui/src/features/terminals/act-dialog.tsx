import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';

interface ActDialogProps<T> {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look?: 'primary' | 'danger';
  /** What is asked for beside the reason. */
  readonly children?: ReactNode;
  /** Told at every try: fields that are not filled then say so. */
  readonly onTry?: () => void;
  /** Null: a field is not filled yet. */
  readonly send: (reason: string) => Promise<T> | null;
  readonly done: (result: T) => { readonly title: string; readonly body: ReactNode };
  readonly onClose: () => void;
}

/** What is done to a terminal, with its reason, and then what came of it. */
export function ActDialog<T>({ action, children, done, icon, lead, look = 'primary', onClose, onTry, send, title }: ActDialogProps<T>) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const act = useMutation({
    mutationFn: (sent: Promise<T>) => sent,
    gcTime: 0,
    onSuccess: () => Promise.all([['terminals'], ['face-templates']].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
  const body = reasonBodySchema.safeParse({ reason });
  if (act.isSuccess) {
    const shown = done(act.data);
    return (
      <Dialog title={shown.title} onClose={onClose}>
        {shown.body}
        <DialogActions>
          <Button look="primary" onClick={onClose} autoFocus>
            Done
          </Button>
        </DialogActions>
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          onTry?.();
          if (!body.success || act.isPending) return;
          const sent = send(body.data.reason);
          if (sent !== null) act.mutate(sent);
        }}
      >
        <p>{lead}</p>
        {children}
        <Field
          label="Reason"
          hint="It is recorded, so do not put secrets here."
          error={tried && !body.success ? 'Give a reason of 3 to 500 characters.' : undefined}
        >
          {(control) => (
            <textarea {...control} rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        {act.isError && <ProblemNotice error={act.error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={look} icon={icon} busy={act.isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
