import { Ban, KeyRound, ScanFace } from 'lucide-react';
import { useState } from 'react';
import type { PersonView } from '#gateway/http/contract/admin.ts';
import {
  deskFaceOrderedSchema,
  deskOfferBodySchema,
  deskOfferedSchema,
  deskRevokedSchema,
  type DeskView,
} from '#gateway/http/contract/desk.ts';
import { postJson } from '../../shared/api/client.ts';
import { CodeBox } from '../../shared/ui/code-box.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ReasonDialog } from '../../shared/ui/reason-dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';

interface DialogProps {
  readonly person: PersonView;
  readonly onClose: () => void;
}
interface ComputerDialogProps extends DialogProps {
  readonly desk: DeskView;
}

const REFRESH = ['people', 'log'];
const nameSchema = deskOfferBodySchema.pick({ label: true });
const pathOf = ({ id }: DeskView, what: string): string => `/api/desks/${encodeURIComponent(id)}/${what}`;

/** A code with which one computer of the person is enrolled: good once, and shown once. */
export function ComputerCodeDialog({ person, onClose }: DialogProps) {
  const [label, setLabel] = useState('');
  const name = nameSchema.safeParse({ label });
  return (
    <ReasonDialog
      title={`A computer of ${person.displayName}`}
      lead={`Makes a one-time code. Whoever types it on a computer makes that computer known as one of ${person.displayName}'s.`}
      action="Make the code"
      icon={KeyRound}
      look="primary"
      isReady={name.success}
      send={(reason) => postJson(`/api/people/${encodeURIComponent(person.id)}/desks`, { ...name.data, reason }, deskOfferedSchema)}
      refresh={REFRESH}
      done={({ code, expiresAtMs }) => ({
        title: 'Type this on the computer',
        body: (
          <>
            <p>
              Hand it to {person.displayName} in person. It works once, until <Instant atMs={expiresAtMs} />, and is not shown again.
            </p>
            <CodeBox text={`gatehouse desk enrol ${globalThis.location.origin} ${code}`} copyLabel="Copy the command" />
            <p className="soft">Then, for sign-ins that ask for a face: gatehouse desk enrol-face. And always: gatehouse desk run.</p>
          </>
        ),
      })}
      onClose={onClose}
    >
      {(tried) => (
        <Field label="What it is called" error={tried && !name.success ? 'Give it a name of at most 100 characters.' : undefined}>
          {(control) => (
            <input {...control} data-initial-focus maxLength={100} value={label} onChange={(event) => setLabel(event.target.value)} />
          )}
        </Field>
      )}
    </ReasonDialog>
  );
}

/** The computer asks the person for their consent: the order alone enrols nobody. */
export function ComputerFaceDialog({ person, desk, onClose }: ComputerDialogProps) {
  return (
    <ReasonDialog
      title={`A face on ${desk.label}`}
      lead={`${person.displayName} may then let this computer know their face, or not: it asks for their consent. The face stays on the computer.`}
      action="Allow it"
      icon={ScanFace}
      look="primary"
      send={(reason) => postJson(pathOf(desk, 'face'), { reason }, deskFaceOrderedSchema)}
      refresh={REFRESH}
      done={({ expiresAtMs }) => ({
        title: 'It may be enrolled now',
        body: (
          <p>
            Until <Instant atMs={expiresAtMs} />, on the computer: <code>gatehouse desk enrol-face</code>
          </p>
        ),
      })}
      onClose={onClose}
    />
  );
}

const residualWords = {
  apps: 'An app has not confirmed it: it may show its own session until it asks again.',
  vpn: 'A VPN or Wi-Fi could not be told: its session ends when it asks again.',
} as const;

export function RevokeComputerDialog({ person, desk, onClose }: ComputerDialogProps) {
  return (
    <ReasonDialog
      title={`Revoke ${desk.label}?`}
      lead={`Its word counts no more, at once and for good, and what ${person.displayName} signed in to with it ends. Their other computers stay.`}
      action="Revoke"
      icon={Ban}
      look="danger"
      send={(reason) => postJson(pathOf(desk, 'revoke'), { reason }, deskRevokedSchema)}
      refresh={REFRESH}
      done={({ closed }) => ({
        title: `${desk.label} is revoked`,
        body: (
          <Notice tone={closed.residual.length === 0 ? 'ok' : 'warn'} role="status">
            <p>{closed.sessions === 1 ? '1 session ended with it.' : `${String(closed.sessions)} sessions ended with it.`}</p>
            {closed.residual.map((what) => (
              <p key={what}>{residualWords[what]}</p>
            ))}
          </Notice>
        ),
      })}
      onClose={onClose}
    />
  );
}
