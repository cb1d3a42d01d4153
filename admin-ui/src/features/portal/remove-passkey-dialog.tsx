import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { removedSchema, type PasskeyView } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { confirmed } from './confirmed.ts';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import styles from './portal.module.css';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

const causes = ['unused', 'lost'] as const;

/** Why matters: what may have been begun with a lost passkey ends as well. */
export function RemovePasskeyDialog({ onClose, onDone, passkey }: PasskeyDialogProps & { readonly passkey: PasskeyView }) {
  const t = usePortalTexts();
  const [because, setBecause] = useState<(typeof causes)[number]>('unused');
  const path = `/api/me/passkeys/${encodeURIComponent(passkey.id)}/remove`;
  const remove = usePortalChange(
    () => confirmed(() => postJson(path, { because }, removedSchema)),
    ({ closed }) => {
      onDone(
        <Notice tone={closed.residual.length === 0 ? 'ok' : 'warn'}>
          <p>
            {t('removed', { name: passkey.name })} {closed.sessions > 0 && t('closed', { count: closed.sessions })}
          </p>
          {closed.residual.map((what) => (
            <p key={what}>{t(`residual_${what}`)}</p>
          ))}
        </Notice>,
      );
      onClose();
    },
  );
  return (
    <Dialog title={t('remove_of', { name: passkey.name })} onClose={onClose}>
      <fieldset className={styles.choices}>
        <legend>{t('remove_why')}</legend>
        {causes.map((cause) => (
          <label key={cause} className={styles.choice}>
            <input
              type="radio"
              name="because"
              checked={because === cause}
              onChange={() => setBecause(cause)}
              data-initial-focus={cause === 'unused' || undefined}
            />
            <span>
              {t(`remove_${cause}`)}
              <span className={styles.facts}>{t(`remove_${cause}_note`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p className="soft">{t('confirm_note')}</p>
      {remove.isError && <ProblemNotice error={remove.error} />}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button look="danger" icon={Trash2} busy={remove.isPending} onClick={() => remove.mutate(undefined)}>
          {t('remove')}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
