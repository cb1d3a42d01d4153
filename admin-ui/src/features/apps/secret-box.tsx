import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import styles from './secret-box.module.css';

interface SecretBoxProps {
  readonly clientId: string;
  /** Null for an app that has none. */
  readonly secret: string | null;
}

/** What an app is told about itself. The secret is on this page alone, once. */
export function SecretBox({ clientId, secret }: SecretBoxProps) {
  return (
    <div className={styles.secret}>
      <Row label="Client ID" value={clientId} copyLabel="Copy client ID" />
      {secret !== null && (
        <>
          <Row label="Client secret" value={secret} copyLabel="Copy secret" />
          <Notice tone="warn">
            <p>The secret is shown this once. The gateway keeps only its hash.</p>
          </Notice>
        </>
      )}
    </div>
  );
}

function Row({ label, value, copyLabel }: { label: string; value: string; copyLabel: string }) {
  return (
    <div className={styles.secretRow}>
      <span className={styles.secretLabel}>{label}</span>
      <code>{value}</code>
      <CopyButton text={value} label={copyLabel} />
    </div>
  );
}
