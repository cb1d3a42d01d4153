import type { RevisionDetailView } from '#gateway/http/contract/policy.ts';
import styles from './despite-tests.module.css';

interface DespiteTestsProps {
  readonly test: RevisionDetailView['test'];
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

/** Even in an emergency nothing comes into force past its tests, unless that is said. */
export function DespiteTests({ test, checked, onChange }: DespiteTestsProps) {
  if (test?.failed === 0) return null;
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>
        {test === null ? 'Although its tests did not run' : `Although ${String(test.failed)} of its tests fail`}. This raises an alarm of
        its own.
      </span>
    </label>
  );
}
