import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { reinstateResultSchema, type PersonDetail } from '#gateway/http/contract/admin.ts';
import { postJson } from '../../shared/api/client.ts';
import { operatorName } from '../../shared/log/operator-name.ts';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';

export function ReinstateDialog({ detail, onClose }: { detail: PersonDetail; onClose: () => void }) {
  const { person } = detail;
  // Kept as it was when the dialog opened: the page behind is refreshed by the answer.
  const [first] = useState(detail.reinstatement);
  return (
    <ReasonDialog
      title={first === null ? `Reinstate ${person.displayName}?` : `Confirm reinstating ${person.displayName}?`}
      lead={
        first === null
          ? 'This takes two different operators. You are the first: nothing opens until the second one confirms.'
          : `${operatorName(first.requestedById, first.requestedBy)} asked for it: “${first.reason}”. You are the second operator; your confirmation opens doors and systems again.`
      }
      action={first === null ? 'Ask for reinstatement' : 'Confirm reinstatement'}
      icon={ShieldCheck}
      look="primary"
      send={(reason) => postJson(`/api/people/${encodeURIComponent(person.id)}/reinstate`, { reason }, reinstateResultSchema)}
      refresh={['people', 'log']}
      done={({ state, decisionId }) =>
        state === 'reinstated'
          ? {
              title: `${person.displayName} is active again`,
              decisionId,
              body: (
                <Notice tone="ok" role="status">
                  Doors and systems ask the policy again from now on. Sessions that were ended stay ended.
                </Notice>
              ),
            }
          : {
              title: 'Waiting for a second operator',
              decisionId,
              body: (
                <Notice tone="warn" role="status">
                  Your request is recorded. Nothing is open yet: a second, different operator has to confirm it on this page.
                </Notice>
              ),
            }
      }
      onClose={onClose}
    />
  );
}
