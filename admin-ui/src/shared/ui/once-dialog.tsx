import { useMutation } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { postJson } from '../api/client.ts';
import { Button } from './button.tsx';
import { CodeBox } from './code-box.tsx';
import { Dialog, DialogActions } from './dialog.tsx';
import { ProblemNotice } from './states.tsx';

interface OnceDialogProps<T> {
  readonly title: string;
  readonly lead: string;
  readonly action: string;
  readonly icon: LucideIcon;
  /** Asked without a body; the answer holds the secret. */
  readonly path: string;
  readonly schema: z.ZodType<T>;
  readonly shown: (result: T) => { readonly secret: string; readonly copyLabel: string; readonly note: ReactNode };
  readonly onClose: () => void;
}

/** Makes a link or token and shows it once. It is held by the dialog alone: closing it forgets it. */
export function OnceDialog<T>({ title, lead, action, icon, path, schema, shown, onClose }: OnceDialogProps<T>) {
  const create = useMutation({ mutationFn: () => postJson(path, {}, schema), gcTime: 0 });
  return (
    <Dialog title={title} onClose={onClose}>
      {create.isSuccess ? (
        <SecretOnce {...shown(create.data)} onClose={onClose} />
      ) : (
        <>
          <p>{lead}</p>
          {create.isError && <ProblemNotice error={create.error} />}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" icon={icon} busy={create.isPending} onClick={() => create.mutate()} data-initial-focus>
              {action}
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}

type SecretOnceProps = ReturnType<OnceDialogProps<unknown>['shown']> & { readonly onClose: () => void };

/** What is told once: the secret, and what to do with it. */
export function SecretOnce({ secret, copyLabel, note, onClose }: SecretOnceProps) {
  return (
    <>
      <p>{note}</p>
      <CodeBox text={secret} copyLabel={copyLabel} />
      <DialogActions>
        <Button look="primary" onClick={onClose}>
          Done
        </Button>
      </DialogActions>
    </>
  );
}
