import { Equal } from 'lucide-react';
import { Chip } from '../../../shared/ui/chip.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import styles from './change-list.module.css';
import type { JsonChange, JsonDiff } from './diff-json.ts';

/** What differs, place by place: what it was, and what it is then. */
export function ChangeList({ diff, label }: { diff: JsonDiff; label: string }) {
  if (diff.changes.length === 0) return <Empty icon={Equal} title="Nothing differs" />;
  return (
    <>
      <ul className={styles.changes} aria-label={label}>
        {diff.changes.map((change) => (
          <li key={change.path.join('/')} className={styles.change}>
            <Kind change={change} />
            <span className={styles.path}>{change.path.join(' › ')}</span>
            <span className={styles.values}>
              {change.before !== undefined && (
                <del>
                  <Value value={change.before} />
                </del>
              )}
              {change.after !== undefined && (
                <ins>
                  <Value value={change.after} />
                </ins>
              )}
            </span>
          </li>
        ))}
      </ul>
      {diff.more > 0 && <p className="soft">and {diff.more} more</p>}
    </>
  );
}

function Kind({ change }: { change: JsonChange }) {
  if (change.before === undefined) return <Chip tone="ok">New</Chip>;
  if (change.after === undefined) return <Chip tone="deny">Gone</Chip>;
  return <Chip tone="warn">Changed</Chip>;
}

function Value({ value }: { value: unknown }) {
  return <code>{JSON.stringify(value)}</code>;
}
