import { FileJson } from 'lucide-react';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import styles from './decisions.module.css';

/** The exact document that the policy saw. Blocks whose facts were not known are folded and marked. */
export function InputTree({ input }: { input: object | null }) {
  if (input === null) {
    return (
      <Panel title="Input">
        <Empty icon={FileJson} title="No input was kept">
          The request did not pass the input’s schema, so the policy was not asked.
        </Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Input" aside={<CopyButton text={JSON.stringify(input, null, 2)} label="Copy as JSON" />}>
      <div className={styles.tree}>
        {Object.entries(input).map(([name, value]) => (
          <Node key={name} name={name} value={value as unknown} />
        ))}
      </div>
    </Panel>
  );
}

function Node({ name, value }: { name: string; value: unknown }) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return (
      <div className={styles.leaf}>
        <span>{name}</span>
        <code>{leafText(name, value)}</code>
      </div>
    );
  }
  const unknownFacts = 'known' in value && value.known === false;
  return (
    <details className={styles.node} open={!unknownFacts}>
      <summary>
        {name} {unknownFacts && <span className={styles.soft}>not known</span>}
      </summary>
      <div className={styles.children}>
        {Object.entries(value).map(([child, childValue]) => (
          <Node key={child} name={child} value={childValue as unknown} />
        ))}
      </div>
    </details>
  );
}

function leafText(name: string, value: unknown): string {
  if (typeof value === 'number' && name.endsWith('_ms') && value > 1_000_000_000_000)
    return `${String(value)} (${new Date(value).toISOString()})`;
  if (value === '') return '""';
  return Array.isArray(value) && value.length > 0
    ? value.map((item) => String(item)).join(', ')
    : typeof value === 'string'
      ? value
      : JSON.stringify(value);
}
