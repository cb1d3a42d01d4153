import { CopyButton } from '../../../shared/ui/copy-button.tsx';
import { jsonLines } from './json-lines.ts';
import styles from './json-text.module.css';

/** A document as the policy reads it. */
export function JsonText({ value, label }: { value: unknown; label: string }) {
  const text = jsonLines(value);
  return (
    <div className={styles.box}>
      <div className={styles.copy}>
        <CopyButton text={text} />
      </div>
      <pre className={styles.text} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </div>
  );
}
