import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { CheckField } from '../../../shared/ui/check-field.tsx';
import { Field } from '../../../shared/ui/field.tsx';
import { errorIn, type FieldErrors } from '../changes/check-change.ts';
import { ChoiceList } from '../choice-list.tsx';
import { durationText } from './duration-text.ts';
import { parseTexts, type ParameterField } from './parameter-fields.ts';
import { scheduleChoices } from '../schedules/schedules.ts';
import { SelectField } from '../select-field.tsx';

interface ParameterInputProps {
  readonly data: PolicyDataView;
  readonly field: ParameterField;
  readonly value: unknown;
  readonly errors: FieldErrors;
  readonly onChange: (value: unknown) => void;
}

/** One parameter of a ready policy, by what its schema says of it. What names something that is known is chosen, not typed. */
export function ParameterInput({ data, field, value, errors, onChange }: ParameterInputProps) {
  const error = errorIn(errors, `parameters.${field.name}`);
  const hint = field.hint === undefined ? {} : { hint: field.hint };
  switch (field.kind) {
    case 'integer':
      return <IntegerInput field={field} value={value} error={error} onChange={onChange} />;
    case 'choice':
      return (
        <SelectField
          label={field.label}
          {...hint}
          error={error}
          value={String(value)}
          choices={toChoices(field.choices)}
          onChange={onChange}
        />
      );
    case 'flag':
      return <FlagInput field={field} value={value} onChange={onChange} />;
    case 'text':
      if (field.name === 'schedule') {
        return (
          <SelectField
            label={field.label}
            {...hint}
            error={error}
            value={String(value)}
            choices={scheduleChoices(data)}
            onChange={onChange}
          />
        );
      }
      return (
        <Field label={field.label} {...hint} error={error}>
          {(control) => <input {...control} value={String(value)} onChange={(event) => onChange(event.target.value)} />}
        </Field>
      );
    case 'texts':
      if (field.name === 'sites') {
        const sites = data.file.sites.map(({ id, name }) => ({ value: id, label: name }));
        return (
          <ChoiceList
            legend={`${field.label} (none chosen means every site)`}
            choices={sites}
            chosen={textsOf(value)}
            error={error}
            onChange={onChange}
          />
        );
      }
      return <ListInput label={field.label} {...hint} error={error} value={textsOf(value)} onChange={onChange} />;
  }
}

interface FlagInputProps {
  readonly field: ParameterField;
  readonly value: unknown;
  readonly onChange: (value: boolean) => void;
}

function FlagInput({ field, value, onChange }: FlagInputProps) {
  return (
    <CheckField checked={value === true} onChange={onChange}>
      {field.label}
      {field.hint !== undefined && <span className="soft"> {field.hint}</span>}
    </CheckField>
  );
}

interface IntegerInputProps {
  readonly field: Extract<ParameterField, { kind: 'integer' }>;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: number | null) => void;
}

function IntegerInput({ field, value, error, onChange }: IntegerInputProps) {
  return (
    <Field label={`${field.label}${field.unit === '' ? '' : `, ${field.unit}`}`} hint={integerHint(field, value)} error={error}>
      {(control) => (
        <input
          {...control}
          type="number"
          min={field.min}
          max={field.max}
          step={1}
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => onChange(event.target.value === '' ? null : event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}

function integerHint(field: Extract<ParameterField, { kind: 'integer' }>, value: unknown): string {
  const limits = `${String(field.min)} to ${String(field.max)}.`;
  const inWords = field.unit === 'seconds' && typeof value === 'number' ? ` That is ${durationText(value)}.` : '';
  return [field.hint, limits].filter(Boolean).join(' ') + inWords;
}

const toChoices = (choices: readonly string[]) => choices.map((value) => ({ value, label: value }));

const textsOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];

interface ListInputProps {
  readonly label: string;
  readonly hint?: string;
  readonly error: string | undefined;
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
}

/** Several short texts in one line. What is typed stays as it is typed. */
export function ListInput({ label, hint, error, value, onChange }: ListInputProps) {
  const [typed, setTyped] = useState(value.join(', '));
  return (
    <Field label={label} hint={[hint, 'Parted by commas.'].filter(Boolean).join(' ')} error={error}>
      {(control) => (
        <input
          {...control}
          value={typed}
          onChange={(event) => {
            setTyped(event.target.value);
            onChange(parseTexts(event.target.value));
          }}
        />
      )}
    </Field>
  );
}
