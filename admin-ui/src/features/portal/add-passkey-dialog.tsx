import { Fingerprint } from 'lucide-react';
import { passkeySchema, registrationOptionsSchema } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { createPasskey } from '../../shared/api/passkey.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { confirmed } from './confirmed.ts';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import { PasskeyNameForm } from './passkey-name-form.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

export function AddPasskeyDialog({ onClose, onDone }: PasskeyDialogProps) {
  const t = usePortalTexts();
  const add = usePortalChange(
    async (name: string) => {
      const { ceremonyId, options } = await confirmed(() => postJson('/api/me/passkeys/options', {}, registrationOptionsSchema));
      return postJson('/api/me/passkeys', { ceremonyId, response: await createPasskey(options), name }, passkeySchema);
    },
    ({ name }) => {
      onDone(<Notice tone="ok">{t('passkey_added', { name })}</Notice>);
      onClose();
    },
  );
  return (
    <Dialog title={t('add_passkey')} onClose={onClose}>
      <p>{t('add_lead')}</p>
      <p className="soft">{t('confirm_note')}</p>
      <PasskeyNameForm
        name=""
        action={t('create_passkey')}
        icon={Fingerprint}
        busy={add.isPending}
        error={add.error}
        onSubmit={add.mutate}
        onClose={onClose}
      />
    </Dialog>
  );
}
