import { Trash2 } from 'lucide-react';
import { useId, useState } from 'react';
import { removedSchema } from '#gateway/http/contract/me.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Dialog, DialogActions } from '../../shared/ui/dialog.tsx';
import { CheckField } from '../../shared/ui/check-field.tsx';
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
  /** What goes with it when it is lost, unless the person keeps it. */
  readonly added?: readonly { readonly id: string; readonly name: string }[];
  /** What else the person should know before. */
  readonly warning?: string | null;
}

/** Why matters: what may have been begun with a lost thing ends as well. */
export function RemoveDialog({ thing: { id, name }, onClose, onDone, added = [], warning = null, what }: RemoveDialogProps) {
  const t = usePortalTexts();
  const [because, setBecause] = useState<(typeof causes)[number]>('unused');
  const [keep, setKeep] = useState<readonly string[]>([]);
  const body = because === 'lost' && added.length > 0 ? { because, keep } : { because };
  const path = `/api/me/${what}s/${encodeURIComponent(id)}/remove`;
  const remove = usePortalChange(
    () => confirmed(() => postJson(path, body, removedSchema)),
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
      {because === 'lost' && added.length > 0 && <KeepFields added={added} keep={keep} onChange={setKeep} />}
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

interface KeepFieldsProps {
  readonly added: readonly { readonly id: string; readonly name: string }[];
  readonly keep: readonly string[];
  readonly onChange: (keep: readonly string[]) => void;
}

/** Whoever has the lost one may have added these; only the person knows which are theirs. */
function KeepFields({ added, keep, onChange }: KeepFieldsProps) {
  const t = usePortalTexts();
  const note = useId();
  return (
    <div role="group" aria-labelledby={note} className="stack-s">
      <p id={note}>{t('remove_added')}</p>
      {added.map(({ id, name }) => (
        <CheckField
          key={id}
          checked={keep.includes(id)}
          onChange={(checked) => onChange(checked ? [...keep, id] : keep.filter((one) => one !== id))}
        >
          {t('keep_of', { name })}
        </CheckField>
      ))}
    </div>
  );
}
