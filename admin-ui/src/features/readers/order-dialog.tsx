import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { z } from 'zod';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import type { begunSchema } from '#gateway/http/contract/reader-operations.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { DecisionNumber, ProblemNotice } from '../../shared/ui/states.tsx';
import { FollowedOperation } from './operations-panel.tsx';

type Begun = z.infer<typeof begunSchema>;

export interface OrderDialogProps {
  readonly title: string;
  readonly readerId: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  /** What it needs beside the reason. */
  readonly children?: ReactNode;
  /** Null: what was given cannot be sent yet, and its field says why. */
  readonly order: (reason: string) => Promise<Begun> | null;
  readonly onClose: () => void;
}

/** Begins an operation on a reader with a reason, and then shows how far it is. Closing the dialog stops nothing. */
export function OrderDialog({ title, readerId, lead, action, icon, children, order, onClose }: OrderDialogProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const begin = useMutation({
    mutationFn: (begun: Promise<Begun>) => begun,
    onSuccess: () => queries.invalidateQueries({ queryKey: ['reader-operations'] }),
  });
  const body = reasonBodySchema.safeParse({ reason });
  if (begin.isSuccess) return <BegunDialog title={title} readerId={readerId} begun={begin.data} onClose={onClose} />;
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (!body.success || begin.isPending) return;
          const begun = order(body.data.reason);
          if (begun !== null) begin.mutate(begun);
        }}
      >
        <p>{lead}</p>
        {children}
        <Field
          label="Reason"
          hint="It is recorded with the decision, so do not put secrets here."
          error={tried && !body.success ? 'Give a reason of 3 to 500 characters.' : undefined}
        >
          {(control) => (
            <textarea
              {...control}
              data-initial-focus={children === undefined ? true : undefined}
              rows={2}
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          )}
        </Field>
        {begin.isError && <ProblemNotice error={begin.error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" icon={icon} busy={begin.isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type BegunDialogProps = Pick<OrderDialogProps, 'title' | 'readerId' | 'onClose'> & { readonly begun: Begun };

function BegunDialog({ title, readerId, begun, onClose }: BegunDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <FollowedOperation begun={begun.operation} readerId={readerId} />
      <DecisionNumber id={begun.decisionId} />
      <DialogActions>
        <Button look="primary" onClick={onClose} autoFocus>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  );
}
