import { useId, type ComponentProps, type ReactNode } from 'react';
import styles from './field.module.css';

export const controlClass = styles.control;

interface FieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly children: (props: {
    id: string;
    className: string | undefined;
    'aria-describedby': string;
    'aria-invalid': boolean;
  }) => ReactNode;
}

/** Label, control, hint and error, wired together for assistive technology. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label htmlFor={id} className={styles.label}>
        {label}
      </label>
      {children({ id, className: styles.control, 'aria-describedby': `${id}-note`, 'aria-invalid': error !== undefined })}
      <div id={`${id}-note`}>
        {error !== undefined ? <p className={styles.error}>{error}</p> : hint !== undefined && <p className={styles.hint}>{hint}</p>}
      </div>
    </div>
  );
}

/** `/` anywhere on the page moves the focus here (see app/shortcuts.ts). */
export function SearchField({ icon, ...rest }: ComponentProps<'input'> & { icon: ReactNode }) {
  return (
    <span className={styles.search}>
      {icon}
      <input type="search" data-search-field className={styles.control} {...rest} />
      <kbd aria-hidden>/</kbd>
    </span>
  );
}
