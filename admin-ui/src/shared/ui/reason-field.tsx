import { Field } from './field.tsx';

interface ReasonFieldProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly isWrong: boolean;
  readonly hint?: string | undefined;
  /** Has the focus, in a dialog as it opens and in what comes later in it. */
  readonly isFirst?: boolean;
}

/** Why an operator does what they do. */
export function ReasonField({ value, onChange, isWrong, hint, isFirst = false }: ReasonFieldProps) {
  return (
    <Field
      label="Reason"
      hint={hint ?? 'It is recorded with the decision, so do not put secrets here.'}
      error={isWrong ? 'Give a reason of 3 to 500 characters.' : undefined}
    >
      {(control) => (
        <textarea
          {...control}
          autoFocus={isFirst}
          data-initial-focus={isFirst || undefined}
          rows={2}
          maxLength={500}
          value={value}
          onChange={(event) => onChange(event.target.value)}
        />
      )}
    </Field>
  );
}
