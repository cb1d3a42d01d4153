import { Unlock } from 'lucide-react';
import { releaseResultSchema, type DoorView } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';

/** One ordinary release, with a reason, decided and recorded like a badge. */
export function ReleaseDialog({ door, onClose }: { door: DoorView; onClose: () => void }) {
  return (
    <ReasonDialog
      title={`Release ${door.name} once`}
      lead="The lock opens for its usual release time and closes again by itself. Your name and the reason are recorded."
      action="Release the door"
      icon={Unlock}
      look="primary"
      send={(reason) => postJson(`/api/doors/${encodeURIComponent(door.id)}/release`, { reason }, releaseResultSchema)}
      refresh={['log']}
      done={({ released, detail, decisionId }) => ({
        decisionId,
        body: (
          <Notice tone={released ? 'ok' : 'warn'} role="status">
            {released ? 'The door was released for its usual time.' : `The door was not released: ${detail}`}
          </Notice>
        ),
      })}
      onClose={onClose}
    />
  );
}
