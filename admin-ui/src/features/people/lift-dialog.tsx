import { ShieldOff } from 'lucide-react';
import { unrestrictResultSchema, type PersonDetail } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';

export function LiftDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { displayName, id } = detail.person;
  return (
    <ReasonDialog
      title={`End the restriction of ${displayName}`}
      lead="Sensitive areas and systems ask no more than usual again. See the person, or their badge, before: somebody else may have it."
      action="End it"
      icon={ShieldOff}
      look="primary"
      send={(reason) => postJson(`/api/people/${encodeURIComponent(id)}/unrestrict`, { reason }, unrestrictResultSchema)}
      refresh={['people']}
      done={({ decisionId }) => ({
        title: `${displayName} is restricted no more`,
        body: <p>It is in the log with your reason.</p>,
        decisionId,
      })}
      onClose={onClose}
    />
  );
}
