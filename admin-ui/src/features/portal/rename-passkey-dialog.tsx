import { Pencil } from 'lucide-react';
import { passkeySchema, type PasskeyView } from '#gateway/http/contract/me.ts';
import { patchJson } from '../../shared/api/client.ts';
import { Dialog } from '../../shared/ui/dialog.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { confirmed } from './confirmed.ts';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import { PasskeyNameForm } from './passkey-name-form.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

export function RenamePasskeyDialog({ onClose, onDone, passkey }: PasskeyDialogProps & { readonly passkey: PasskeyView }) {
  const t = usePortalTexts();
  const rename = usePortalChange(
    (name: string) => confirmed(() => patchJson(`/api/me/passkeys/${encodeURIComponent(passkey.id)}`, { name }, passkeySchema)),
    ({ name }) => {
      onDone(<Notice tone="ok">{t('renamed', { name })}</Notice>);
      onClose();
    },
  );
  return (
    <Dialog title={t('rename_of', { name: passkey.name })} onClose={onClose}>
      <PasskeyNameForm
        name={passkey.name}
        action={t('save')}
        icon={Pencil}
        busy={rename.isPending}
        error={rename.error}
        onSubmit={rename.mutate}
        onClose={onClose}
      />
    </Dialog>
  );
}
