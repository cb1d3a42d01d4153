import { KeyRound, Trash2 } from 'lucide-react';
import { faceEndedSchema, type FaceTemplateRow } from '#gateway/http/contract/face.ts';
import { postJson } from '../api/client.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { FACE_KEYS } from './face-queries.ts';
import { ReceiptView } from './receipt-view.tsx';
import { UnknownOutcome } from './unknown-outcome.tsx';

interface EndFaceDialogProps {
  readonly template: FaceTemplateRow;
  /** Where it was enrolled. */
  readonly terminal: { readonly label: string; readonly isRevoked: boolean };
  readonly onClose: () => void;
}

/** Ends one face. It is called deleted only when that is signed: by the gateway for a key, by the terminal for what it keeps. */
export function EndFaceDialog({ template, terminal, onClose }: EndFaceDialogProps) {
  const who = template.personName ?? template.personId;
  const isCarried = template.storage === 'carried';
  return (
    <ReasonDialog
      title={isCarried ? `Destroy the key of the face that ${who} carries?` : `Delete the face of ${who}?`}
      lead={isCarried ? leadOfCarried(who) : leadOfKept(terminal)}
      action={isCarried ? 'Destroy the key' : 'Delete'}
      icon={isCarried ? KeyRound : Trash2}
      look="danger"
      send={(reason) => postJson(`/api/face/templates/${encodeURIComponent(template.id)}/end`, { reason }, faceEndedSchema)}
      refresh={FACE_KEYS}
      problem={(error) => (
        <UnknownOutcome
          error={error}
          what={isCarried ? 'it is destroyed' : 'it is ordered'}
          advice="Trying again does no harm, and tells how it stands."
        />
      )}
      done={({ template: ended }) => outcomeOf(ended, terminal)}
      onClose={onClose}
    />
  );
}

const leadOfCarried = (who: string): string =>
  `At once and for good: what is on the card or phone of ${who}, and every copy of it, is unreadable from then on. Their badge and their other ways in stay.`;

const leadOfKept = ({ isRevoked, label }: EndFaceDialogProps['terminal']): string =>
  isRevoked
    ? `${label} is revoked: it is not asked any more, and nobody will say that it is deleted. Wipe the machine. Until then it stays in this list.`
    : `${label} overwrites the template's key, removes the file, and signs that it did. Until it has said so, it is not called deleted.`;

function outcomeOf(ended: FaceTemplateRow, { isRevoked, label }: EndFaceDialogProps['terminal']) {
  if (ended.status === 'deleted' && ended.hasReceipt) {
    return { title: ended.storage === 'carried' ? 'The key is destroyed' : 'It is deleted', body: <ReceiptView template={ended} /> };
  }
  if (ended.status !== 'kept')
    return { title: 'It has ended before', body: <p>The face was enrolled anew since, and this one opens nothing.</p> };
  const next = isRevoked
    ? `${label} is revoked and will not be told. Wipe the machine.`
    : `${label} is told as soon as it listens, and asked again until it has signed. Its receipt appears here then.`;
  return { title: 'Ordered, not deleted yet', body: <p>{next}</p>, leave: 'Close' as const };
}
