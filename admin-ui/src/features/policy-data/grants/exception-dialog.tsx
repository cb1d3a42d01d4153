import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { EXCEPTION_MS_MAX, type PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Field } from '../../../shared/ui/field.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ChoiceList } from '../choice-list.tsx';
import { libraryQuery } from '../data-queries.ts';
import { ItemDialog } from '../item-dialog.tsx';
import { parseLocalInput, toLocalInput } from '../local-time.ts';
import { randomId } from '../new-id.ts';
import { PersonField } from '../../../shared/ui/person-field.tsx';
import { parseKey, resourceChoices } from '../resources.ts';
import styles from '../rows.module.css';
import { SelectField } from '../select-field.tsx';

const HOUR_MS = 3_600_000;
const texts: FieldErrors = {
  personId: 'Choose a person.',
  resource: 'Choose a door or a system.',
  relaxes: 'Choose at least one reason.',
  fromMs: 'Say when it begins.',
  untilMs: `It has to end after it begins, and within ${String(EXCEPTION_MS_MAX / HOUR_MS)} hours.`,
  reason: 'Give a reason of 3 to 500 characters.',
};

export function ExceptionDialog({ data, onClose }: { data: PolicyDataView; onClose: () => void }) {
  const [baseVersion] = useState(data.version);
  const [id] = useState(() => randomId('exc_'));
  const [personId, setPersonId] = useState('');
  const [resource, setResource] = useState('');
  const [relaxes, setRelaxes] = useState<readonly string[]>([]);
  const [from, setFrom] = useState(() => toLocalInput(Date.now()));
  const [until, setUntil] = useState(() => toLocalInput(Date.now() + 4 * HOUR_MS));
  const [reason, setReason] = useState('');
  const library = useQuery(libraryQuery);
  const reasons = library.data?.relaxable.map(({ code, message }) => ({ value: code, label: message, note: code })) ?? [];
  const places = resourceChoices(data).map(({ value, label, note }) => ({ value, label: `${label} (${note ?? ''})` }));
  const change = () => ({
    part: 'exceptions',
    id,
    value: { personId, resource: parseKey(resource), relaxes, fromMs: parseLocalInput(from), untilMs: parseLocalInput(until), reason },
  });
  return (
    <ItemDialog title="New exception" baseVersion={baseVersion} texts={texts} change={change} onClose={onClose}>
      {(errors) => (
        <>
          <PersonField personId={personId} error={errorIn(errors, 'personId')} onChange={setPersonId} />
          <SelectField label="Where" value={resource} choices={places} error={errorIn(errors, 'resource')} onChange={setResource} />
          <ChoiceList legend="What it lifts" choices={reasons} chosen={relaxes} error={errorIn(errors, 'relaxes')} onChange={setRelaxes} />
          <div className={styles.pair}>
            <Field label="From" error={errorIn(errors, 'fromMs')}>
              {(control) => <input {...control} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />}
            </Field>
            <Field label="Until" hint="It ends by itself, after 24 hours at most." error={errorIn(errors, 'untilMs')}>
              {(control) => <input {...control} type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />}
            </Field>
          </div>
          <Field label="Why they need it" error={errorIn(errors, 'reason')}>
            {(control) => <input {...control} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />}
          </Field>
        </>
      )}
    </ItemDialog>
  );
}
