import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { ReasonForm, type ReasonFormProps } from './reason-form.tsx';
import { DecisionNumber } from './states.tsx';

interface ReasonDialogProps<T> extends Omit<ReasonFormProps, 'back'> {
  readonly title: string;
  readonly send: (reason: string) => Promise<T>;
  /** What the action makes out of date: the first part of the queries' keys. */
  readonly refresh: readonly string[];
  /** What came of it. Left out: there is nothing to say, and the dialog closes. */
  readonly done?: (result: T) => Outcome;
  readonly onDone?: () => void;
}

interface Outcome {
  /** Of the dialog, where it says another thing than before. */
  readonly title?: string;
  readonly body: ReactNode;
  readonly decisionId?: string;
  /** Where the action goes on by itself, and `Done` would be no true word. */
  readonly leave?: 'Close';
}

/** Every dialog that acts on someone or something: what it does, why, and then what came of it with the decision's number. */
export function ReasonDialog<T>({ title, send, refresh, done, onDone, ...form }: ReasonDialogProps<T>) {
  const queries = useQueryClient();
  const lookAgain = () => Promise.all(refresh.map((key) => queries.invalidateQueries({ queryKey: [key] })));
  const act = useMutation({
    mutationFn: send,
    onSuccess: async () => {
      await lookAgain();
      onDone?.();
      if (done === undefined) form.onClose();
    },
    // What was not answered may have been done.
    onError: () => void lookAgain(),
    // The answer may hold a secret, which is shown once.
    gcTime: 0,
  });
  const outcome = act.isSuccess ? done?.(act.data) : undefined;
  return (
    <Dialog title={outcome?.title ?? title} onClose={form.onClose}>
      {outcome === undefined ? (
        <ReasonForm {...form} busy={act.isPending} error={act.error} onSubmit={act.mutate} />
      ) : (
        <OutcomeView outcome={outcome} onClose={form.onClose} />
      )}
    </Dialog>
  );
}

function OutcomeView({ outcome: { body, decisionId, leave }, onClose }: { outcome: Outcome; onClose: () => void }) {
  return (
    <>
      {body}
      {decisionId !== undefined && <DecisionNumber id={decisionId} />}
      <DialogActions>
        <Button look="primary" onClick={onClose} autoFocus>
          {leave ?? 'Done'}
        </Button>
      </DialogActions>
    </>
  );
}
