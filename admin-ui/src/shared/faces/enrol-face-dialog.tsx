import { useQuery } from '@tanstack/react-query';
import { ScanFace } from 'lucide-react';
import { useState } from 'react';
import { logPageSchema } from '#gateway/http/contract/admin.ts';
import { faceOrderedSchema, type FaceTerminal } from '#gateway/http/contract/face.ts';
import { getJson, postJson } from '../api/client.ts';
import { directoryQuery, logPath } from '../api/queries.ts';
import { PersonField } from '../ui/person-field.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import type { FaceStorage } from './consent-words.ts';
import { EnrolmentProgress } from './enrolment-progress.tsx';
import { FACE_KEYS } from './face-queries.ts';
import { StorageField } from './storage-field.tsx';
import { TerminalField } from './terminal-field.tsx';
import { UnknownOutcome } from './unknown-outcome.tsx';

interface EnrolFaceDialogProps {
  /** Whose; absent = they are chosen here. */
  readonly person?: { readonly id: string; readonly displayName: string };
  /** Where; absent = it is chosen here. */
  readonly terminal?: FaceTerminal;
  /** Doors whose sites are the person's. */
  readonly doorIds?: readonly string[];
  readonly onClose: () => void;
}

/** Has a terminal ask a person: the order alone enrols nobody. */
export function EnrolFaceDialog({ doorIds = [], person, terminal: here, onClose }: EnrolFaceDialogProps) {
  const names = useQuery(directoryQuery).data?.people ?? {};
  const [personId, setPersonId] = useState(person?.id ?? '');
  const [terminal, setTerminal] = useState<FaceTerminal | null>(here ?? null);
  const [storage, setStorage] = useState<FaceStorage>('carried');
  const who = person?.displayName ?? names[personId] ?? personId;
  const order = async (reason: string) => {
    if (terminal === null) throw new TypeError('a form that is ready has a terminal');
    return { terminal, afterSeq: await orderEnrolment(terminal, { personId, reason, storage }) };
  };
  return (
    <ReasonDialog
      title={person === undefined ? `Enrol a face at ${here?.label ?? 'a terminal'}` : `Enrol the face of ${person.displayName}`}
      lead="The person stands before the terminal, reads what is kept and agrees there, or does not. Another way in stays open to them."
      action="Ask at the terminal"
      icon={ScanFace}
      look="primary"
      isReady={personId !== '' && terminal !== null}
      send={order}
      refresh={[...FACE_KEYS, 'log']}
      problem={(error) => (
        <UnknownOutcome
          error={error}
          what="the terminal asks"
          advice="The person may be asked all the same: asking again may ask them twice."
        />
      )}
      done={(sent) => ({
        title: `Enrolment of ${who}`,
        body: <EnrolmentProgress {...sent} personId={personId} who={who} storage={storage} />,
        leave: 'Close',
      })}
      onClose={onClose}
    >
      {(tried) => (
        <>
          {person === undefined && (
            <PersonField
              isFirst
              personId={personId}
              error={tried && personId === '' ? 'Say whose face.' : undefined}
              onChange={setPersonId}
            />
          )}
          <StorageField isFirst={person !== undefined} value={storage} onChange={setStorage} />
          {here === undefined && (
            <TerminalField
              terminalId={terminal?.id ?? ''}
              doorIds={doorIds}
              error={tried && terminal === null ? 'Choose where the person stands.' : undefined}
              onChange={setTerminal}
            />
          )}
        </>
      )}
    </ReasonDialog>
  );
}

/** Returns the newest entry about the person from before the order: what the log says after it is about this order. */
async function orderEnrolment(
  { id }: FaceTerminal,
  order: { readonly personId: string; readonly reason: string; readonly storage: FaceStorage },
): Promise<number> {
  const before = await getJson(logPath({ types: ['credential'], person: order.personId, limit: 1 }, null), logPageSchema);
  await postJson(`/api/face/terminals/${encodeURIComponent(id)}/orders`, { kind: 'enrol', ...order }, faceOrderedSchema);
  return before.entries[0]?.seq ?? 0;
}
