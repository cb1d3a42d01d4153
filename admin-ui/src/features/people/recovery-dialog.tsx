import { useMutation, useQueryClient } from '@tanstack/react-query';
import { LifeBuoy } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import { recoveryBodySchema, recoveryOfferSchema, type RecoveryOffer } from '#gateway/http/contract/recovery.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { SecretOnce } from '../../shared/ui/once-dialog.tsx';
import { DecisionNumber, Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';

type Request = z.infer<typeof recoveryBodySchema>;

interface RecoveryDialogProps {
  readonly person: { readonly id: string; readonly displayName: string };
  /** The ways that the operator's role has, the likeliest first. */
  readonly evidences: readonly [Request['evidence'], ...Request['evidence'][]];
  readonly onClose: () => void;
}

const evidenceWords: Readonly<Record<Request['evidence'], string>> = {
  badge: 'They stand here and have just badged at a staffed reader',
  admin: 'I know otherwise that it is them',
};

/** For somebody without a passkey: who they are, what becomes of the old passkeys, why, and then a code that is shown once. */
export function RecoveryDialog({ person, evidences, onClose }: RecoveryDialogProps) {
  const queries = useQueryClient();
  const offer = useMutation({
    mutationFn: (body: Request) => postJson(`/api/people/${encodeURIComponent(person.id)}/recovery`, body, recoveryOfferSchema),
    onSuccess: () => Promise.all(['people', 'log', 'recovery'].map((key) => queries.invalidateQueries({ queryKey: [key] }))),
    gcTime: 0,
  });
  return (
    <Dialog title={`A way back in for ${person.displayName}`} onClose={onClose}>
      {offer.isSuccess ? (
        <Offered name={person.displayName} offer={offer.data} onClose={onClose} />
      ) : (
        <RecoveryForm evidences={evidences} busy={offer.isPending} error={offer.error} onSubmit={offer.mutate} onClose={onClose} />
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

interface RecoveryFormProps extends Pick<RecoveryDialogProps, 'evidences' | 'onClose'> {
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (body: Request) => void;
}

function RecoveryForm({ evidences, busy, error, onSubmit, onClose }: RecoveryFormProps) {
  const [evidence, setEvidence] = useState<Request['evidence']>(evidences[0]);
  const [oldPasskeys, setOldPasskeys] = useState<Request['oldPasskeys']>('revoke');
  const [reason, setReason] = useState('');
  const [tried, setTried] = useState(false);
  const body = recoveryBodySchema.safeParse({ evidence, oldPasskeys, reason });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (body.success && !busy) onSubmit(body.data);
      }}
    >
      <p>Whoever types the code becomes this person. Look at them, not at what they tell you.</p>
      <Field label="Who they are">
        {(control) => (
          <select
            {...control}
            data-initial-focus
            value={evidence}
            onChange={(event) => setEvidence(event.target.value as Request['evidence'])}
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
          <select {...control} value={oldPasskeys} onChange={(event) => setOldPasskeys(event.target.value as Request['oldPasskeys'])}>
            <option value="revoke">Block them now</option>
            <option value="keep">Leave them in use</option>
          </select>
        )}
      </Field>
      <Field
        label="Reason"
        hint="It is recorded with the decision, so do not put secrets here."
        error={tried && !body.success ? 'Give a reason of 3 to 500 characters.' : undefined}
      >
        {(control) => <textarea {...control} rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" icon={LifeBuoy} busy={busy}>
          Make the code
        </Button>
      </DialogActions>
    </form>
  );
}
