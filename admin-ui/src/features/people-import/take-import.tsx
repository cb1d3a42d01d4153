import { Upload } from 'lucide-react';
import { useState } from 'react';
import type { ImportReport } from '#gateway/http/contract/people-import.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import styles from './people-import-page.module.css';

interface TakeImportProps {
  readonly report: ImportReport;
  readonly busy: boolean;
  /** With the number of people to suspend, where somebody had to say it. */
  readonly onTake: (close: number | null) => void;
}

/** More people than usual are suspended only where somebody types how many: a wrong file must not close a site. */
export function TakeImport({ report: { closing, counts, ok }, busy, onTake }: TakeImportProps) {
  const [typed, setTyped] = useState('');
  if (counts.refused > 0) return null;
  const needsNumber = !closing.isAllowed && closing.people > 0;
  const isConfirmed = needsNumber ? typed === String(closing.people) : ok;
  return (
    <>
      {needsNumber && (
        <Field
          label={`Type ${String(closing.people)} to suspend so many people`}
          hint={`Of ${String(closing.inForce)} people, ${String(closing.allowed)} at most are suspended without this.`}
        >
          {(control) => <input {...control} inputMode="numeric" value={typed} onChange={({ target }) => setTyped(target.value)} />}
        </Field>
      )}
      <div className={styles.actions}>
        <Button
          look="primary"
          icon={Upload}
          busy={busy}
          disabled={!isConfirmed}
          onClick={() => onTake(needsNumber ? closing.people : null)}
        >
          Import
        </Button>
      </div>
    </>
  );
}
