import { useId, useState, type ComponentProps, type ReactNode } from 'react';
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

interface SearchFieldProps extends Omit<ComponentProps<'input'>, 'onChange' | 'onFocus' | 'onBlur'> {
  readonly icon: ReactNode;
  readonly value: string;
  readonly onSearch: (text: string) => void;
}

/**
 * `/` anywhere on the page moves the focus here (see app/shortcuts.ts). While it has the focus it keeps its own text: `value` is mostly that of
 * the address, which follows later, and a field that shows it in between loses letters to a fast hand.
 */
export function SearchField({ icon, value, onSearch, ...rest }: SearchFieldProps) {
  const [typed, setTyped] = useState<string | null>(null);
  return (
    <span className={styles.search}>
      {icon}
      <input
        type="search"
        data-search-field
        className={styles.control}
        {...rest}
        value={typed ?? value}
        onFocus={() => setTyped(value)}
        onBlur={() => setTyped(null)}
        onChange={({ target }) => {
          setTyped(target.value);
          onSearch(target.value);
        }}
      />
      <kbd aria-hidden>/</kbd>
    </span>
  );
}
