import type { RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { CheckField } from '../../shared/ui/check-field.tsx';

interface DespiteTestsProps {
  readonly test: RevisionDetailView['test'];
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Even in an emergency nothing comes into force past its tests, unless that is said. */
export function DespiteTests({ test, checked, onChange }: DespiteTestsProps) {
  if (test?.failed === 0) return null;
  return (
    <CheckField checked={checked} onChange={onChange}>
      {test === null ? 'Although its tests did not run' : `Although ${String(test.failed)} of its tests fail`}. This raises an alarm of its
      own.
    </CheckField>
  );
}
