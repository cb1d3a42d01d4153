import type { ReactNode } from 'react';
import styles from './check-field.module.css';

interface CheckFieldProps {
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  /** Has the focus when its dialog opens. */
  readonly isFirst?: boolean;
  /** Its label. */
  readonly children: ReactNode;
}

export function CheckField({ checked, onChange, isFirst, children }: CheckFieldProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" data-initial-focus={isFirst} checked={checked} onChange={(event) => onChange(event.target.checked)} />
      <span>{children}</span>
    </label>
  );
}
