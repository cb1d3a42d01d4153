import { Fingerprint } from 'lucide-react';
import { passkeySchema, registrationOptionsSchema } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { toApiError } from '../../shared/api/api-error.ts';
import { createPasskey } from '../../shared/api/passkey.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { confirmed } from './confirmed.ts';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import { PasskeyNameForm } from './passkey-name-form.tsx';
import { RecoveryHint } from './recovery-hint.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

interface AddPasskeyDialogProps extends PasskeyDialogProps {
  /** False: no passkey is left, so that only a sign-in of a moment ago is worth anything. */
  readonly canConfirm: boolean;
}

export function AddPasskeyDialog({ canConfirm, onClose, onDone }: AddPasskeyDialogProps) {
  const t = usePortalTexts();
  const add = usePortalChange(
    async (name: string) => {
      const begin = () => postJson('/api/me/passkeys/options', {}, registrationOptionsSchema);
      const { ceremonyId, options } = await (canConfirm ? confirmed(begin) : begin());
      return postJson('/api/me/passkeys', { ceremonyId, response: await createPasskey(options), name }, passkeySchema);
    },
    ({ name }) => {
      onDone(<Notice tone="ok">{t('passkey_added', { name })}</Notice>);
      onClose();
    },
  );
  const isTooOld = !canConfirm && toApiError(add.error).code === 'authentication.too_old';
  return (
    <Dialog title={t('add_passkey')} onClose={onClose}>
      <p>{t('add_lead')}</p>
      {canConfirm && <p className="soft">{t('confirm_note')}</p>}
      {isTooOld && (
        <Notice tone="warn" role="alert">
          <RecoveryHint />
        </Notice>
      )}
      <PasskeyNameForm
        name=""
        action={t('create_passkey')}
        icon={Fingerprint}
        busy={add.isPending}
        error={isTooOld ? null : add.error}
        onSubmit={add.mutate}
        onClose={onClose}
      />
    </Dialog>
  );
}
