import { FileUp, KeyRound, Link2, Move } from 'lucide-react';
import { useState } from 'react';
import {
  begunSchema,
  lineBodySchema,
  PAIR_MINUTES_DEFAULT,
  PAIR_MINUTES_MAX,
  pairBodySchema,
  READER_BAUDS,
  READER_FILE_BYTES_MAX,
  type RotationBody,
} from '#gateway/http/contract/reader-operations.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { postBytes, postJson } from '../../shared/api/client.ts';
import { Field } from '../../shared/ui/field.tsx';
import { OrderDialog } from './order-dialog.tsx';

interface MaintenanceDialogProps {
  readonly reader: ReaderView;
  readonly onClose: () => void;
}

const pathOf = ({ id }: ReaderView, what: string): string => `/api/readers/${encodeURIComponent(id)}/${what}`;

export function NewKeyDialog({ reader, onClose }: MaintenanceDialogProps) {
  const order = (reason: string) => {
    const body: RotationBody = { scope: { kind: 'reader', id: reader.id }, reason };
    return postJson('/api/reader-operations/rotation', body, begunSchema);
  };
  return (
    <OrderDialog
      title={`New key for ${reader.name}`}
      readerId={reader.id}
      lead="The gateway gives the reader another key inside its secure channel. A reader that does not answer gets it when it is back. No key is ever shown."
      action="Give a new key"
      icon={KeyRound}
      order={order}
      onClose={onClose}
    />
  );
}

const windowSchema = pairBodySchema.omit({ reason: true });

export function PairDialog({ reader, onClose }: MaintenanceDialogProps) {
  const [minutes, setMinutes] = useState(String(PAIR_MINUTES_DEFAULT));
  const window = windowSchema.safeParse({ minutes: Number(minutes) });
  return (
    <OrderDialog
      title={`Pair ${reader.name}`}
      readerId={reader.id}
      lead="For a reader in install mode. Whoever answers for it while the window is open is given its key: watch the line. There is an alarm meanwhile."
      action="Open the window"
      icon={Link2}
      isReady={window.success}
      order={(reason) => postJson(pathOf(reader, 'pairing'), { ...window.data, reason }, begunSchema)}
      onClose={onClose}
    >
      {(tried) => (
        <Field label="Minutes" error={tried && !window.success ? `Give 1 to ${String(PAIR_MINUTES_MAX)} whole minutes.` : undefined}>
          {(control) => (
            <input
              {...control}
              data-initial-focus
              type="number"
              min={1}
              max={PAIR_MINUTES_MAX}
              value={minutes}
              onChange={(event) => setMinutes(event.target.value)}
            />
          )}
        </Field>
      )}
    </OrderDialog>
  );
}

const placeSchema = lineBodySchema.omit({ reason: true });

export function MoveDialog({ reader, onClose }: MaintenanceDialogProps) {
  const [address, setAddress] = useState(String(reader.address));
  const [baud, setBaud] = useState('9600');
  const place = placeSchema.safeParse({ address: address.trim() === '' ? null : Number(address), baud: Number(baud) });
  return (
    <OrderDialog
      title={`Move ${reader.name}`}
      readerId={reader.id}
      lead="The reader goes to another address and speed, and comes back to the old ones when it does not answer there. Write them into the configuration too."
      action="Move the reader"
      icon={Move}
      isReady={place.success}
      order={(reason) => postJson(pathOf(reader, 'line'), { ...place.data, reason }, begunSchema)}
      onClose={onClose}
    >
      {(tried) => (
        <>
          <Field label="Address" error={tried && !place.success ? 'Give an address of 0 to 126.' : undefined}>
            {(control) => (
              <input
                {...control}
                data-initial-focus
                type="number"
                min={0}
                max={126}
                value={address}
                onChange={(event) => setAddress(event.target.value)}
              />
            )}
          </Field>
          <Field label="Speed, bits per second" hint="On a serial server set the same speed there.">
            {(control) => (
              <select {...control} value={baud} onChange={(event) => setBaud(event.target.value)}>
                {READER_BAUDS.map((each) => (
                  <option key={each}>{each}</option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
    </OrderDialog>
  );
}

const FILE_TYPES = [
  ['1', 'for the reader’s maker, such as firmware'],
  ['2', 'biometric template'],
  ['3', 'picture'],
] as const;

const NO_FILE = new Blob();

export function FileDialog({ reader, onClose }: MaintenanceDialogProps) {
  const [file, setFile] = useState<Blob>(NO_FILE);
  const [type, setType] = useState('1');
  const isSendable = file.size > 0 && file.size <= READER_FILE_BYTES_MAX;
  return (
    <OrderDialog
      title={`Send a file to ${reader.name}`}
      readerId={reader.id}
      lead="It goes inside the secure channel, and the door goes on working meanwhile."
      action="Send the file"
      icon={FileUp}
      isReady={isSendable}
      order={(reason) => postBytes(`${pathOf(reader, 'file')}?${new URLSearchParams({ type, reason }).toString()}`, file, begunSchema)}
      onClose={onClose}
    >
      {(tried) => (
        <>
          <Field label="File" error={tried && !isSendable ? `Choose a file of 1 to ${String(READER_FILE_BYTES_MAX)} bytes.` : undefined}>
            {(control) => (
              <input {...control} data-initial-focus type="file" onChange={(event) => setFile(event.target.files?.[0] ?? NO_FILE)} />
            )}
          </Field>
          <Field label="What it is">
            {(control) => (
              <select {...control} value={type} onChange={(event) => setType(event.target.value)}>
                {FILE_TYPES.map(([value, text]) => (
                  <option key={value} value={value}>
                    {text}
                  </option>
                ))}
              </select>
            )}
          </Field>
        </>
      )}
    </OrderDialog>
  );
}
