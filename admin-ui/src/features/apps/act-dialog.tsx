import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';

/** Ending the sessions of an app of many people takes time: each of them is told. */
const WORK_TIMEOUT_MS = 60_000;

interface ActDialogProps<T> {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  readonly path: string;
  /** Beside the reason. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Fields of its own, above the reason. */
  readonly children?: ReactNode;
  readonly schema: z.ZodType<T>;
  /** The first part of the keys of what it makes out of date. */
  readonly refresh: readonly string[];
  /** Null: there is nothing to say any more, and the dialog closes. */
  readonly done: ((result: T) => ReactNode) | null;
  readonly onDone?: () => void;
  readonly onClose: () => void;
}

/** What an operator does to an app or to the provider: with a reason, decided by the policy, recorded. */
export function ActDialog<T>(props: ActDialogProps<T>) {
  const { action, body = {}, children, done, icon, lead, look, onClose, onDone, path, refresh, schema, title } = props;
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const given = reasonBodySchema.safeParse({ reason });
  const act = useMutation({
    mutationFn: (why: string) => postJson(path, { ...body, reason: why }, schema, WORK_TIMEOUT_MS),
    onSuccess: async () => {
      await Promise.all(refresh.map((key) => queries.invalidateQueries({ queryKey: [key] })));
      onDone?.();
      if (done === null) onClose();
    },
    gcTime: 0,
  });
  if (act.isSuccess && done !== null) {
    return (
      <Dialog title={title} onClose={onClose}>
        <div role="status">{done(act.data)}</div>
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
          if (given.success && !act.isPending) act.mutate(given.data.reason);
        }}
      >
        <p>{lead}</p>
        {children}
        <ReasonField value={reason} onChange={setReason} isWrong={tried && !given.success} />
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

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isWrong: boolean;
}

export function ReasonField({ value, onChange, isWrong }: ReasonFieldProps) {
  return (
    <Field
      label="Reason"
      hint="It is recorded with the decision, so do not put secrets here."
      error={isWrong ? 'Give a reason of 3 to 500 characters.' : undefined}
    >
      {(control) => <textarea {...control} rows={2} maxLength={500} value={value} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
