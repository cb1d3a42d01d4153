import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { removedSchema } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { RadioCards } from '../../shared/ui/radio-cards.tsx';
import { Notice, ProblemNotice } from '../../shared/ui/states.tsx';
import { confirmed } from './confirmed.ts';
import type { PasskeyDialogProps } from './passkey-dialog.ts';
import { usePortalTexts } from './texts/use-portal-texts.ts';
import { usePortalChange } from './use-portal-change.ts';

const causes = ['unused', 'lost'] as const;

const notes = {
  passkey: { unused: 'remove_unused_note', lost: 'remove_lost_note' },
  computer: { unused: 'remove_computer_note', lost: 'remove_lost_note' },
} as const;

interface RemoveDialogProps extends PasskeyDialogProps {
  readonly what: 'passkey' | 'computer';
  readonly thing: { readonly id: string; readonly name: string };
  /** What else the person should know before. */
  readonly warning?: string | null;
}

/** Why matters: what may have been begun with a lost thing ends as well. */
export function RemoveDialog({ thing: { id, name }, onClose, onDone, warning = null, what }: RemoveDialogProps) {
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
      {warning !== null && <Notice tone="warn">{warning}</Notice>}
      <RadioCards
        legend={t('remove_why')}
        choices={causes.map((cause) => ({ value: cause, title: t(`remove_${cause}`), note: t(notes[what][cause]) }))}
        chosen={because}
        isFirst
        onChange={setBecause}
      />
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
