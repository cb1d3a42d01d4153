import type { Entry } from '#gateway/http/contract/admin.ts';
import { describeRecord } from '../../shared/log/describe-record.ts';
import { RecordChip } from '../../shared/log/record-chip.tsx';
import { PersonName, SubjectName } from '../../shared/ui/name.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import styles from './decisions.module.css';

/** Everything recorded under one decision, in the order of occurrence, each with its distance from the first. */
export function Timeline({ entries }: { entries: readonly Entry[] }) {
  const ordered = entries.toSorted((a, b) => a.record.occurredAtMs - b.record.occurredAtMs || a.seq - b.seq);
  const startMs = ordered[0]?.record.occurredAtMs ?? 0;
  return (
    <ol className={styles.timeline}>
      {ordered.map((entry) => {
        const line = describeRecord(entry.record);
        return (
          <li key={entry.seq}>
            <span className={styles.offset}>
              {entry.record.occurredAtMs === startMs ? <Instant atMs={startMs} /> : offsetText(entry.record.occurredAtMs - startMs)}
            </span>
            <span>
              <RecordChip record={entry.record} /> {line.person !== null && <PersonName id={line.person} />}
              {line.person !== null && line.subject !== null ? ' → ' : ' '}
              {line.subject !== null && <SubjectName subject={line.subject} />} <span className={styles.soft}>{line.text}</span>
            </span>
            <code className={styles.seq} title={entry.hash}>
              #{entry.seq}
            </code>
          </li>
        );
      })}
    </ol>
  );
}

function offsetText(ms: number): string {
  return ms < 10_000 ? `+${String(ms)} ms` : `+${(ms / 1_000).toFixed(1)} s`;
}
