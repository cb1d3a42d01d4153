import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { removedSchema } from '#gateway/http/contract/me.ts';
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

const notes = {
  passkey: { unused: 'remove_unused_note', lost: 'remove_lost_note' },
  computer: { unused: 'remove_computer_note', lost: 'remove_lost_note' },
} as const;

interface RemoveDialogProps extends PasskeyDialogProps {
  readonly what: 'passkey' | 'computer';
  readonly id: string;
  readonly name: string;
}

/** Why matters: what may have been begun with a lost thing ends as well. */
export function RemoveDialog({ id, name, onClose, onDone, what }: RemoveDialogProps) {
  const t = usePortalTexts();
  const [because, setBecause] = useState<(typeof causes)[number]>('unused');
  const path = `/api/me/${what}s/${encodeURIComponent(id)}/remove`;
  const remove = usePortalChange(
    () => confirmed(() => postJson(path, { because }, removedSchema)),
    ({ closed }) => {
      onDone(
        <Notice tone={closed.residual.length === 0 ? 'ok' : 'warn'}>
          <p>
            {t('removed', { name })} {closed.sessions > 0 && t('closed', { count: closed.sessions })}
          </p>
          {closed.residual.map((open) => (
            <p key={open}>{t(`residual_${open}`)}</p>
          ))}
        </Notice>,
      );
      onClose();
    },
  );
  return (
    <Dialog title={t('remove_of', { name })} onClose={onClose}>
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
              <span className={styles.facts}>{t(notes[what][cause])}</span>
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
