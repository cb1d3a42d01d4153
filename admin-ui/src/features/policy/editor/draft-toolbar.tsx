import { AlignLeft, FlaskConical, Save, SpellCheck } from 'lucide-react';
import { DRAFT_NOTE_MAX } from '#gateway/http/contract/policy.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import styles from './editor.module.css';
import type { useDraft, useDraftTools } from './use-draft.ts';

interface DraftToolbarProps {
  readonly draft: ReturnType<typeof useDraft>;
  readonly tools: ReturnType<typeof useDraftTools>;
  readonly canFormat: boolean;
  readonly isFormatting: boolean;
  readonly onFormat: () => void;
}

export function DraftToolbar({ draft, tools, canFormat, isFormatting, onFormat }: DraftToolbarProps) {
  const isBusy = draft.isSaving || tools.check.isPending || tools.test.isPending;
  return (
    <div className={styles.toolbar}>
      <div className={styles.note}>
        <Field label="What changes, in a sentence">
          {(control) => (
            <input
              {...control}
              maxLength={DRAFT_NOTE_MAX}
              value={draft.note}
              placeholder="The night shift may enter the dock"
              onChange={(event) => draft.setNote(event.target.value)}
            />
          )}
        </Field>
      </div>
      <div className={styles.buttons}>
        {canFormat && (
          <Button icon={AlignLeft} busy={isFormatting} onClick={onFormat}>
            Format
          </Button>
        )}
        <Button icon={Save} busy={draft.isSaving} disabled={!draft.isDirty} onClick={() => void draft.save().catch(told)}>
          Save draft
        </Button>
        <Button icon={SpellCheck} look="primary" busy={tools.check.isPending} onClick={() => !isBusy && tools.check.mutate()}>
          Check
        </Button>
        <Button icon={FlaskConical} busy={tools.test.isPending} onClick={() => !isBusy && tools.test.mutate()}>
          Run tests
        </Button>
      </div>
    </div>
  );
}

/** The failure is the mutation's, and the page shows it. */
const told = (): void => undefined;
