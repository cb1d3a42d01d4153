import styles from './code-box.module.css';
import { CopyButton } from './copy-button.tsx';

/** A command, a token or a key, to be taken elsewhere as it stands. */
export function CodeBox({ text, copyLabel }: { readonly text: string; readonly copyLabel: string }) {
  return (
    <div className={styles.box}>
      <code>{text}</code>
      <span>
        <CopyButton text={text} label={copyLabel} size="medium" />
      </span>
    </div>
  );
}
