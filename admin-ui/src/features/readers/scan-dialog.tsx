import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Fingerprint, RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { readerScannedSchema } from '#gateway/http/contract/reader-templates.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { postJson } from '../../shared/api/client.ts';
import { directoryQuery } from '../../shared/api/queries.ts';
import { READER_TEMPLATE_KEYS } from '../../shared/faces/face-queries.ts';
import { UnknownOutcome } from '../../shared/faces/unknown-outcome.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { CheckField } from '../../shared/ui/check-field.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { PersonField } from '../../shared/ui/person-field.tsx';
import { ReasonForm } from '../../shared/ui/reason-form.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { useNow } from '../../shared/ui/time.tsx';
import styles from './maintenance.module.css';

/** As long as a reader may take. */
const SCAN_MS = 10_000;

type Result = z.infer<typeof readerScannedSchema>['result'];

/** Why a scan gave nothing, and the way on. */
const TROUBLE: Readonly<Record<Exclude<Result, 'done'>, readonly [what: string, next: string]>> = {
  timeout: ['Nobody was scanned in time.', 'The reader waits for ten seconds. Try again when the person is ready.'],
  unavailable: ['The reader did not scan.', 'It is not there, is busy, or does not know how. Its state and its alarms are on this page.'],
  unusable: ['The scan could not be used.', 'It was too poor, or of something else. Clean the sensor, and try again.'],
};

interface ScanDialogProps {
  readonly reader: ReaderView;
  readonly trait: string;
  readonly onClose: () => void;
}

interface Sent {
  readonly personId: string;
  readonly reason: string;
}

/** Scans the person who stands at the reader now, and agreed. */
export function ScanDialog({ reader, trait, onClose }: ScanDialogProps) {
  const names = useQuery(directoryQuery).data?.people ?? {};
  const queries = useQueryClient();
  const scan = useMutation({
    mutationFn: ({ personId, reason }: Sent) =>
      postJson(`/api/face/readers/${encodeURIComponent(reader.id)}/templates`, { personId, agreed: true, reason }, readerScannedSchema),
    onSettled: () => Promise.all(READER_TEMPLATE_KEYS.map((key) => queries.invalidateQueries({ queryKey: [key] }))),
  });
  const who = scan.variables === undefined ? '' : (names[scan.variables.personId] ?? scan.variables.personId);
  const again = () => (scan.variables === undefined ? undefined : scan.mutate(scan.variables));
  return (
    <Dialog title={scan.isIdle ? `Enrol somebody at ${reader.name}` : `Enrolment of ${who}`} onClose={onClose}>
      {scan.isIdle && <ScanForm reader={reader} onSubmit={scan.mutate} onClose={onClose} />}
      {scan.isPending && <Scanning who={who} trait={trait} onClose={onClose} />}
      {scan.isSuccess && <Scanned result={scan.data.result} who={who} onAgain={again} onClose={onClose} />}
      {scan.isError && (
        <>
          <UnknownOutcome
            error={scan.error}
            what="they are enrolled"
            advice="The list of people behind this says it when it can be loaded. Scanning again replaces what is kept."
          />
          <AgainOrClose onAgain={again} onClose={onClose} />
        </>
      )}
    </Dialog>
  );
}

interface ScanFormProps {
  readonly reader: ReaderView;
  readonly onSubmit: (sent: Sent) => void;
  readonly onClose: () => void;
}

function ScanForm({ onClose, onSubmit, reader }: ScanFormProps) {
  const [personId, setPersonId] = useState('');
  const [agreed, setAgreed] = useState(false);
  return (
    <ReasonForm
      lead="The person stands at the reader now. The template is kept sealed for two years, deleted when they leave, and at any time they say so."
      hint="Say how they agreed, such as: form signed on 4 May. It is recorded."
      action="Scan now"
      icon={Fingerprint}
      look="primary"
      isReady={personId !== '' && agreed}
      busy={false}
      error={null}
      onSubmit={(reason) => onSubmit({ personId, reason })}
      onClose={onClose}
    >
      {(tried) => (
        <>
          {!reader.online && (
            <Notice tone="warn">
              <p>The reader does not answer now.</p>
            </Notice>
          )}
          <PersonField
            isFirst
            personId={personId}
            error={tried && personId === '' ? 'Say who stands there.' : undefined}
            onChange={setPersonId}
          />
          <CheckField checked={agreed} onChange={setAgreed}>
            They know what is kept and that another way in stays open to them, and have agreed
          </CheckField>
          {tried && !agreed && (
            <Notice tone="deny" role="alert">
              <p>Nobody is scanned without their consent.</p>
            </Notice>
          )}
        </>
      )}
    </ReasonForm>
  );
}

function Scanning({ trait, who, onClose }: { readonly who: string; readonly trait: string; readonly onClose: () => void }) {
  const [beganAtMs] = useState(() => Date.now());
  const goneMs = Math.min(SCAN_MS, Math.max(0, useNow(250) - beganAtMs));
  return (
    <>
      <div className={styles.operation}>
        <p role="status">
          The reader scans {who} now: {trait}.
        </p>
        <progress className={styles.bar} aria-label="Time that the reader has" max={SCAN_MS} value={goneMs} />
        <p className="soft">Ten seconds at most. Closing this does not stop the reader.</p>
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
      </DialogActions>
    </>
  );
}

interface ScannedProps {
  readonly result: Result;
  readonly who: string;
  readonly onAgain: () => void;
  readonly onClose: () => void;
}

function Scanned({ onAgain, onClose, result, who }: ScannedProps) {
  const [what, next] =
    result === 'done' ? [`${who} is enrolled.`, 'Every reader of this kind compares them from now on.'] : TROUBLE[result];
  return (
    <>
      <Notice tone={result === 'done' ? 'ok' : 'warn'} role={result === 'done' ? 'status' : 'alert'}>
        <p>
          <strong>{what}</strong> {next} {result !== 'done' && 'Nothing new is kept.'}
        </p>
      </Notice>
      {result === 'done' ? (
        <DialogActions>
          <Button look="primary" onClick={onClose} autoFocus>
            Done
          </Button>
        </DialogActions>
      ) : (
        <AgainOrClose onAgain={onAgain} onClose={onClose} />
      )}
    </>
  );
}

function AgainOrClose({ onAgain, onClose }: Pick<ScannedProps, 'onAgain' | 'onClose'>) {
  return (
    <DialogActions>
      <Button onClick={onClose}>Close</Button>
      <Button look="primary" icon={RotateCcw} onClick={onAgain} autoFocus>
        Scan again
      </Button>
    </DialogActions>
  );
}
