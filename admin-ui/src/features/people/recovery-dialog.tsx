import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { recoveryOfferSchema, type recoveryBodySchema, type RecoveryOffer } from '#gateway/http/contract/recovery.ts';
import { postJson } from '../../shared/api/client.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { SecretOnce } from '../../shared/ui/once-dialog.tsx';
import { ReasonForm } from '../../shared/ui/reason-form.tsx';
import { DecisionNumber, Notice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';

type Choice = Omit<z.infer<typeof recoveryBodySchema>, 'reason'>;

interface RecoveryDialogProps {
  readonly person: { readonly id: string; readonly displayName: string };
  /** The ways that the operator's role has, the likeliest first. */
  readonly evidences: readonly [Choice['evidence'], ...Choice['evidence'][]];
  readonly onClose: () => void;
}

const evidenceWords: Readonly<Record<Choice['evidence'], string>> = {
  badge: 'They stand here and have just badged at a staffed reader',
  admin: 'I know otherwise that it is them',
};

/** For somebody without a passkey: who they are, what becomes of the old passkeys, why, and then a code that is shown once. */
export function RecoveryDialog({ person, evidences, onClose }: RecoveryDialogProps) {
  const queries = useQueryClient();
  const [choice, setChoice] = useState<Choice>({ evidence: evidences[0], oldPasskeys: 'revoke' });
  const offer = useMutation({
    mutationFn: (reason: string) =>
      postJson(`/api/people/${encodeURIComponent(person.id)}/recovery`, { ...choice, reason }, recoveryOfferSchema),
    onSuccess: () => Promise.all(['people', 'log', 'recovery'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
    gcTime: 0,
  });
  return (
    <Dialog title={`A way back in for ${person.displayName}`} onClose={onClose}>
      {offer.isSuccess ? (
        <Offered name={person.displayName} offer={offer.data} onClose={onClose} />
      ) : (
        <ReasonForm
          lead="Whoever types the code becomes this person. Look at them, not at what they tell you."
          action="Make the code"
          icon={LifeBuoy}
          look="primary"
          busy={offer.isPending}
          error={offer.error}
          onSubmit={offer.mutate}
          onClose={onClose}
        >
          {() => <RecoveryFields evidences={evidences} choice={choice} onChange={setChoice} />}
        </ReasonForm>
      )}
    </Dialog>
  );
}

function Offered({ name, offer, onClose }: { name: string; offer: RecoveryOffer; onClose: () => void }) {
  const { code, expiresAtMs, passkeysRevoked, closed } = offer;
  const revoked = passkeysRevoked === 1 ? 'The old passkey is blocked.' : `${String(passkeysRevoked)} old passkeys are blocked.`;
  return (
    <>
      {passkeysRevoked > 0 && (
        <Notice tone={closed !== null && closed.residual.length > 0 ? 'warn' : 'ok'} role="status">
          {revoked}
          {closed !== null && closed.residual.length > 0
            ? ` Not everything could be closed: ${closed.residual.join(' and ')} did not confirm.`
            : ' What was signed in with them is closed.'}
        </Notice>
      )}
      <SecretOnce
        secret={code}
        copyLabel="Copy the code"
        note={
          <>
            {name} types it at <code>{`${location.origin}/recover`}</code> and creates a passkey. It works once, until{' '}
            <Instant atMs={expiresAtMs} />, and is not shown again.
          </>
        }
        onClose={onClose}
      />
      <DecisionNumber id={offer.decisionId} />
    </>
  );
}

interface FieldsProps extends Pick<RecoveryDialogProps, 'evidences'> {
  readonly choice: Choice;
  readonly onChange: (choice: Choice) => void;
}

function RecoveryFields({ evidences, choice, onChange }: FieldsProps) {
  const { evidence, oldPasskeys } = choice;
  return (
    <>
      <Field label="Who they are">
        {(control) => (
          <select
            {...control}
            data-initial-focus
            value={evidence}
            onChange={(event) => onChange({ ...choice, evidence: event.target.value as Choice['evidence'] })}
          >
            {evidences.map((one) => (
              <option key={one} value={one}>
                {evidenceWords[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label="Their old passkeys" hint="Block them when somebody else may have them. It closes whatever they are signed in to.">
        {(control) => (
          <select
            {...control}
            value={oldPasskeys}
            onChange={(event) => onChange({ ...choice, oldPasskeys: event.target.value as Choice['oldPasskeys'] })}
          >
            <option value="revoke">Block them now</option>
            <option value="keep">Leave them in use</option>
          </select>
        )}
      </Field>
    </>
  );
}
