import { useMutation } from '@tanstack/react-query';
import { SquareTerminal } from 'lucide-react';
import { cliTokenSchema } from '#gateway/http/contract/admin.ts';
import { postJson } from '../shared/api/client.ts';
import { Button } from '../shared/ui/button.tsx';
import { CopyButton } from '../shared/ui/copy-button.tsx';
import { Dialog, DialogActions } from '../shared/ui/dialog.tsx';
import { ProblemNotice } from '../shared/ui/states.tsx';
import { Instant } from '../shared/ui/time.tsx';
import styles from './cli-token-dialog.module.css';

export function CliTokenDialog({ onClose }: { onClose: () => void }) {
  const create = useMutation({ mutationFn: () => postJson('/api/session/cli-token', {}, cliTokenSchema) });
  return (
    <Dialog title="Command-line token" onClose={onClose}>
      {create.isSuccess ? (
        <>
          <p>
            It acts as you until <Instant atMs={create.data.expiresAtMs} /> and is not shown again.
          </p>
          <div className={styles.once}>
            <code>{create.data.token}</code>
            <span>
              <CopyButton text={create.data.token} label="Copy the token" size="medium" />
            </span>
          </div>
          <DialogActions>
            <Button look="primary" onClick={onClose}>
              Done
            </Button>
          </DialogActions>
        </>
      ) : (
        <>
          <p>The gatehouse command uses it to reach this gateway from another machine, with your role and in your name.</p>
          {create.isError && <ProblemNotice error={create.error} />}
          <DialogActions>
            <Button onClick={onClose}>Cancel</Button>
            <Button look="primary" icon={SquareTerminal} busy={create.isPending} onClick={() => create.mutate()} data-initial-focus>
              Create a token
            </Button>
          </DialogActions>
        </>
      )}
    </Dialog>
  );
}
