import { SquareTerminal } from 'lucide-react';
import { cliTokenSchema } from '#gateway/http/contract/admin.ts';
import { OnceDialog } from '../shared/ui/once-dialog.tsx';
import { Instant } from '../shared/ui/time.tsx';

export function CliTokenDialog({ onClose }: { onClose: () => void }) {
  return (
    <OnceDialog
      title="Command-line token"
      lead="The gatehouse command uses it to reach this gateway from another machine, with your role and in your name."
      action="Create a token"
      icon={SquareTerminal}
      path="/api/session/cli-token"
      schema={cliTokenSchema}
      shown={({ token, expiresAtMs }) => ({
        secret: token,
        copyLabel: 'Copy the token',
        note: (
          <>
            It acts as you until <Instant atMs={expiresAtMs} /> and is not shown again.
          </>
        ),
      })}
      onClose={onClose}
    />
  );
}
