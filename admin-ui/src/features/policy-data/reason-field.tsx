import { Field } from '../../shared/ui/field.tsx';

interface ReasonFieldProps {
  readonly reason: string;
  readonly isMissing: boolean;
  readonly onReason: (reason: string) => void;
}

export function ReasonField({ reason, isMissing, onReason }: ReasonFieldProps) {
  return (
    <Field
      label="Reason"
      hint="It is kept with the version and recorded with the decision, so do not put secrets here."
      error={isMissing ? 'Give a reason of 3 to 500 characters.' : undefined}
    >
      {(control) => (
        <textarea {...control} autoFocus rows={2} maxLength={500} value={reason} onChange={(event) => onReason(event.target.value)} />
      )}
    </Field>
  );
}
