import { Field } from '../../shared/ui/field.tsx';

interface SelectFieldProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  /** Has the focus when its dialog opens. */
  readonly isFirst?: boolean;
  readonly onChange: (value: string) => void;
}

/** One out of a few. A value that is no longer on offer is shown as it is, never as another one. */
export function SelectField({ label, hint, error, value, choices, isFirst, onChange }: SelectFieldProps) {
  const isKnown = choices.some((choice) => choice.value === value);
  return (
    <Field label={label} {...(hint === undefined ? {} : { hint })} error={error}>
      {(control) => (
        <select {...control} data-initial-focus={isFirst} value={value} onChange={(event) => onChange(event.target.value)}>
          {!isKnown && <option value={value}>{value === '' ? 'Choose' : `${value} (does not exist)`}</option>}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
