import { ShieldOff } from 'lucide-react';
import { unrestrictResultSchema, type PersonDetail } from '#gateway/http/contract/admin.ts';
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
      path={`/api/people/${encodeURIComponent(id)}/unrestrict`}
      schema={unrestrictResultSchema}
      refresh={['people']}
      done={() => ({ title: `${displayName} is restricted no more`, body: <p>It is in the log with your reason.</p> })}
      onClose={onClose}
    />
  );
}
