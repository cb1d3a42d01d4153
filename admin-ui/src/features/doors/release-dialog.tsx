import { Unlock } from 'lucide-react';
import { releaseResultSchema, type DoorView } from '#gateway/http/contract/admin.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';

/** One ordinary release, with a reason, decided and recorded like a badge. */
export function ReleaseDialog({ door, onClose }: { door: DoorView; onClose: () => void }) {
  const title = `Release ${door.name} once`;
  return (
    <ReasonDialog
      title={title}
      lead="The lock opens for its usual release time and closes again by itself. Your name and the reason are recorded."
      action="Release the door"
      icon={Unlock}
      look="primary"
      path={`/api/doors/${encodeURIComponent(door.id)}/release`}
      schema={releaseResultSchema}
      refresh={['log']}
      done={({ released, detail }) => ({
        title,
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
