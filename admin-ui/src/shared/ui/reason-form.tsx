import type { LucideIcon } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { reasonBodySchema } from '#gateway/http/contract/common.ts';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';
import { ReasonField } from './reason-field.tsx';
import { ProblemNotice } from './states.tsx';

export interface ReasonFormProps {
  /** What it does. */
  readonly lead?: ReactNode;
  /** What is asked for beside the reason, above it. `tried`: its fields say what is wrong with them. */
  readonly children?: (tried: boolean) => ReactNode;
  /** False: a field of `children` is not filled in yet, and nothing is sent. */
  readonly isReady?: boolean;
  readonly hint?: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly look: 'primary' | 'danger';
  /** How the action's failure is told. */
  readonly problem?: (error: Error) => ReactNode;
  /** The way out without acting. */
  readonly back?: ReactNode;
  readonly onClose: () => void;
}

interface SentReasonFormProps extends ReasonFormProps {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (reason: string) => void;
}

/** Every form, in a dialog, of what an operator does with a reason: what it does, why, and why it was refused. */
export function ReasonForm(props: SentReasonFormProps) {
  const { action, back, busy, children, error, hint, icon, isReady = true, lead, look, onClose, onSubmit, problem } = props;
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
        if (body.success && isReady && !busy) onSubmit(body.data.reason);
      }}
    >
      {lead !== undefined && <div className="stack-s">{lead}</div>}
      {children?.(tried)}
      <ReasonField value={reason} onChange={setReason} isWrong={tried && !body.success} hint={hint} isFirst={children === undefined} />
      {error !== null && (problem?.(error) ?? <ProblemNotice error={error} />)}
      <DialogActions>
        {back ?? <Button onClick={onClose}>Cancel</Button>}
        <Button type="submit" look={look} icon={icon} busy={busy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
