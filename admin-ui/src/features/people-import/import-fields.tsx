import { CheckField } from '../../shared/ui/check-field.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { readTableFile, type TableFile } from './read-table-file.ts';

const HINT =
  'CSV in UTF-8 with a header: id and name, and any of email, roles, groups, clearance, employment_end, accessibility, badges, active.';

export interface ImportDraft {
  readonly file: TableFile | null;
  readonly complete: boolean;
  readonly reason: string;
}

export const EMPTY_DRAFT: ImportDraft = { file: null, complete: false, reason: '' };

/** The table of a draft; null while there is none that can be read. */
export const tableOf = ({ file }: ImportDraft): string | null => (file !== null && 'text' in file ? file.text : null);

interface ImportFieldsProps {
  readonly draft: ImportDraft;
  readonly onChange: (change: Partial<ImportDraft>) => void;
}

export function ImportFields({ draft: { complete, file, reason }, onChange }: ImportFieldsProps) {
  const problem = file !== null && 'problem' in file ? file.problem : undefined;
  const choose = (chosen: File | undefined): void => {
    void readTableFile(chosen).then((read) => onChange({ file: read }));
  };
  return (
    <>
      <Field label="File" hint={HINT} error={problem}>
        {(control) => <input {...control} type="file" accept=".csv,text/csv" onChange={({ target }) => choose(target.files?.[0])} />}
      </Field>
      <CheckField checked={complete} onChange={(checked) => onChange({ complete: checked })}>
        The table has everybody: suspend whoever is missing
      </CheckField>
      <Field label="Reason" hint="Stands in the log.">
        {(control) => <input {...control} value={reason} maxLength={500} onChange={({ target }) => onChange({ reason: target.value })} />}
      </Field>
    </>
  );
}
