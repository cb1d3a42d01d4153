import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/admin.ts';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';
import { Field } from './field.tsx';
import { ProblemNotice } from './states.tsx';

interface ReasonFormProps {
  readonly lead: ReactNode;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  readonly reason: string;
  readonly onReason: (reason: string) => void;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: () => void;
  readonly onCancel: () => void;
}

/** The body of every dialog that acts on someone or something: what it does, why, and the two ways on. */
export function ReasonForm(props: ReasonFormProps) {
  const [tried, setTried] = useState(false);
  const valid = reasonBodySchema.safeParse({ reason: props.reason }).success;
  const submit = () => {
    setTried(true);
    if (valid && !props.busy) props.onSubmit();
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className="stack">
        <div>{props.lead}</div>
        <Field
          label="Reason"
          hint="It is recorded with the decision, so do not put secrets here."
          error={tried && !valid ? 'Give a reason of 3 to 500 characters.' : undefined}
        >
          {(control) => (
            <textarea
              {...control}
              data-initial-focus
              rows={3}
              maxLength={500}
              value={props.reason}
              onChange={(event) => props.onReason(event.target.value)}
            />
          )}
        </Field>
        {props.error !== null && <ProblemNotice error={props.error} />}
        <DialogActions>
          <Button onClick={props.onCancel}>Cancel</Button>
          <Button type="submit" look={props.look} icon={props.icon} busy={props.busy}>
            {props.action}
          </Button>
        </DialogActions>
      </div>
    </form>
  );
}
