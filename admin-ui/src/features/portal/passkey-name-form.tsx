import { useState } from 'react';
import { PASSKEY_NAME_CHARS_MAX, renamePasskeySchema } from '#gateway/http/contract/me.ts';
import type { LucideIcon } from 'lucide-react';
import { Button } from '../../shared/ui/button.tsx';
import { DialogActions } from '../../shared/ui/dialog.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { usePortalTexts } from './texts/use-portal-texts.ts';

interface PasskeyNameFormProps {
  readonly name: string;
  readonly action: string;
  readonly icon: LucideIcon;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onSubmit: (name: string) => void;
  readonly onClose: () => void;
}

export function PasskeyNameForm({ action, busy, error, icon, name: before, onClose, onSubmit }: PasskeyNameFormProps) {
  const t = usePortalTexts();
  const [name, setName] = useState(before);
  const [tried, setTried] = useState(false);
  const body = renamePasskeySchema.safeParse({ name });
  const wrong = tried && !body.success ? t('passkey_name_needed', { max: PASSKEY_NAME_CHARS_MAX }) : undefined;
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (body.success && !busy) onSubmit(body.data.name);
      }}
    >
      <Field label={t('passkey_name')} hint={t('passkey_name_hint')} error={wrong}>
        {(control) => (
          <input
            {...control}
            type="text"
            data-initial-focus
            autoComplete="off"
            maxLength={PASSKEY_NAME_CHARS_MAX}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      {error !== null && <ProblemNotice error={error} />}
      <DialogActions>
        <Button onClick={onClose}>{t('cancel')}</Button>
        <Button type="submit" look="primary" icon={icon} busy={busy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
