import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { revisionResultSchema } from '#gateway/http/contract/policy.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';

import { PolicyProblem } from './policy-problem.tsx';
import { COMPILER_TIMEOUT_MS } from './policy-queries.ts';

export interface StepDialogProps {
  readonly title: string;
  readonly lead: ReactNode;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  readonly path: string;
  /** What is sent beside the reason. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

/** A step in the life of a revision that takes a reason. It closes when the step is taken: the page shows what the revision is then. */
export function StepDialog({ title, lead, action, icon, look, path, body, onClose }: StepDialogProps) {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const given = reasonBodySchema.safeParse({ reason });
  const step = useMutation({
    mutationFn: (text: string) => postJson(path, { ...body, reason: text }, revisionResultSchema, COMPILER_TIMEOUT_MS),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['policy'] });
      onClose();
    },
  });
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (given.success && !step.isPending) step.mutate(given.data.reason);
        }}
      >
        <div className="stack-s">{lead}</div>
        <Field
          label="Reason"
          hint="It is recorded with the decision and stays with the revision."
          error={tried && !given.success ? 'Give a reason of 3 to 500 characters.' : undefined}
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
        {step.isError && <PolicyProblem error={step.error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={look} icon={icon} busy={step.isPending}>
            {action}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
