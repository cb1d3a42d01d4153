import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { faceOfferBodySchema, faceOfferSchema } from '#gateway/http/contract/face.ts';
import { postJson } from '../../shared/api/client.ts';
import { directoryQuery } from '../../shared/api/queries.ts';
import { CodeBox } from '../../shared/ui/code-box.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { FACE_KEYS } from '../../shared/faces/face-queries.ts';

const placeSchema = faceOfferBodySchema.omit({ reason: true });

/** A code with which the machine beside the reader becomes a terminal: good once, and shown once. */
export function OfferDialog({ onClose }: { onClose: () => void }) {
  const directory = useQuery(directoryQuery);
  const [readerId, setReaderId] = useState('');
  const [label, setLabel] = useState('');
  const place = placeSchema.safeParse({ readerId, label });
  const readers = Object.entries(directory.data?.readers ?? {});
  return (
    <ReasonDialog
      title="Add a terminal"
      lead="Makes a one-time code. Whoever types it on the machine with the camera gives that machine's key a say at this reader."
      action="Make the code"
      icon={KeyRound}
      look="primary"
      isReady={place.success}
      send={(reason) => postJson('/api/face/terminals/offers', { ...place.data, reason }, faceOfferSchema)}
      refresh={FACE_KEYS}
      done={({ code, expiresAtMs }) => ({
        title: 'Type this code on the terminal',
        body: (
          <>
            <p>
              It works once, until <Instant atMs={expiresAtMs} />, and is not shown again.
            </p>
            <CodeBox text={`gatehouse terminal enrol ${globalThis.location.origin} ${code}`} copyLabel="Copy the command" />
          </>
        ),
      })}
      onClose={onClose}
    >
      {(tried) => (
        <>
          <Field label="Reader" error={tried && readerId === '' ? 'Choose the reader that it stands beside.' : undefined}>
            {(control) => (
              <select {...control} data-initial-focus value={readerId} onChange={(event) => setReaderId(event.target.value)}>
                <option value="">Choose a reader</option>
                {readers.map(([id, name]) => (
                  <option key={id} value={id}>
                    {name}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <Field label="What it is called" error={tried && label.trim() === '' ? 'Give it a name.' : undefined}>
            {(control) => <input {...control} maxLength={100} value={label} onChange={(event) => setLabel(event.target.value)} />}
          </Field>
        </>
      )}
    </ReasonDialog>
  );
}
