import { Trash2 } from 'lucide-react';
import { readerTemplatesDeletedSchema } from '#gateway/http/contract/reader-templates.ts';
import { postJson } from '../api/client.ts';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { READER_TEMPLATE_KEYS } from './face-queries.ts';
import { UnknownOutcome } from './unknown-outcome.tsx';

interface ForgetAtReadersDialogProps {
  readonly personId: string;
  readonly who: string;
  readonly onClose: () => void;
}

/** Everything that is kept of a person for readers that compare themselves. The gateway keeps it, so that its answer is the word that counts. */
export function ForgetAtReadersDialog({ onClose, personId, who }: ForgetAtReadersDialogProps) {
  const path = `/api/face/people/${encodeURIComponent(personId)}/reader-templates/delete`;
  return (
    <ReasonDialog
      title={`Delete what readers compare of ${who}?`}
      lead={`All of it, for every reader of the installation, with its keys. ${who} is compared with nothing from then on; their badge and other ways in stay.`}
      action="Delete"
      icon={Trash2}
      look="danger"
      send={(reason) => postJson(path, { reason }, readerTemplatesDeletedSchema)}
      refresh={READER_TEMPLATE_KEYS}
      problem={(error) => (
        <UnknownOutcome error={error} what="it is deleted" advice="Trying again does no harm, and tells how it stands." />
      )}
      done={({ removed }) =>
        removed > 0
          ? {
              title: 'Deleted',
              body: (
                <p>
                  {removed === 1 ? '1 template is' : `${String(removed)} templates are`} gone from the gateway, with the keys. Readers are
                  sent a template for one comparison; what a maker&apos;s reader keeps of it by itself is not known here.
                </p>
              ),
            }
          : { title: 'There was nothing', body: <p>Nothing of {who} is kept for readers: it was gone before.</p> }
      }
      onClose={onClose}
    />
  );
}
