import { useQuery } from '@tanstack/react-query';
import { ScanFace, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { peopleSchema } from '#gateway/http/contract/admin.ts';
import { faceOrderedSchema, type FaceTemplateRow, type FaceTerminal } from '#gateway/http/contract/face.ts';
import { getJson, postJson } from '../../shared/api/client.ts';
import { Field } from '../../shared/ui/field.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { TERMINAL_KEYS } from './terminal-queries.ts';

const PEOPLE_MAX = 500;

const order = (deviceId: string, body: { kind: 'enrol' | 'delete'; personId: string; reason: string }) =>
  postJson(`/api/face/terminals/${encodeURIComponent(deviceId)}/orders`, body, faceOrderedSchema);

/** The terminal asks the person for their consent: the order alone enrols nobody. */
export function EnrolFaceDialog({ terminal, onClose }: { terminal: FaceTerminal; onClose: () => void }) {
  const people = useQuery({
    queryKey: ['people', 'choice'],
    queryFn: ({ signal }) => getJson(`/api/people?limit=${String(PEOPLE_MAX)}`, peopleSchema, signal),
  });
  const [personId, setPersonId] = useState('');
  return (
    <ReasonDialog
      title={`Enrol a face at ${terminal.label}`}
      lead="The person stands before the terminal, reads what is kept and agrees there, or does not. Another way in stays open to them."
      action="Ask at the terminal"
      icon={ScanFace}
      look="primary"
      isReady={personId.trim() !== ''}
      send={(reason) => order(terminal.id, { kind: 'enrol', personId: personId.trim(), reason })}
      refresh={TERMINAL_KEYS}
      done={() => ({
        title: 'The terminal asks now',
        body: <p>Within ten minutes the person can agree there. What came of it is shown here.</p>,
      })}
      onClose={onClose}
    >
      {(tried) => (
        <Field label="Person" hint="Name or id" error={tried && personId.trim() === '' ? 'Say whose face.' : undefined}>
          {(control) => (
            <>
              <input
                {...control}
                data-initial-focus
                list="terminal-people"
                maxLength={128}
                value={personId}
                onChange={(event) => setPersonId(event.target.value)}
              />
              <datalist id="terminal-people">
                {people.data?.people.map(({ displayName, id }) => (
                  <option key={id} value={id}>
                    {displayName}
                  </option>
                ))}
              </datalist>
            </>
          )}
        </Field>
      )}
    </ReasonDialog>
  );
}

export function DeleteFaceDialog({ template, label, onClose }: { template: FaceTemplateRow; label: string; onClose: () => void }) {
  const { deviceId, personId, personName } = template;
  return (
    <ReasonDialog
      title={`Delete the face of ${personName ?? personId}`}
      lead={`${label} overwrites the template's key, removes the file, and signs that it did. Until it has said so, the template is shown as in use.`}
      action="Delete"
      icon={Trash2}
      look="danger"
      send={(reason) => order(deviceId, { kind: 'delete', personId, reason })}
      refresh={TERMINAL_KEYS}
      done={() => ({ title: 'The terminal is told', body: <p>Its signed receipt appears here when it is done.</p> })}
      onClose={onClose}
    />
  );
}
