import type { Entry } from '#gateway/http/contract/admin.ts';
import { PersonName, SubjectName } from '../ui/name.tsx';
import { Instant } from '../ui/time.tsx';
import { describeRecord } from './describe-record.ts';
import { RecordChip } from './record-chip.tsx';
import styles from './timeline.module.css';

interface TimelineProps {
  readonly entries: readonly Entry[];
  readonly label: string;
  /** Where the distances begin; by default at the first entry, which is then shown with its time. */
  readonly startMs?: number;
}

/** What belongs together, in the order of occurrence, each with its distance from the start. */
export function Timeline({ entries, label, startMs }: TimelineProps) {
  const ordered = entries.toSorted((a, b) => a.record.occurredAtMs - b.record.occurredAtMs || a.seq - b.seq);
  const beganMs = startMs ?? ordered[0]?.record.occurredAtMs ?? 0;
  return (
    <ol className={styles.timeline} aria-label={label}>
      {ordered.map((entry, index) => {
        const line = describeRecord(entry.record);
        return (
          <li key={entry.seq}>
            <span className={styles.offset}>
              {index === 0 && startMs === undefined ? <Instant atMs={beganMs} /> : offsetText(entry.record.occurredAtMs - beganMs)}
            </span>
            <span>
              <RecordChip record={entry.record} /> {line.person !== null && <PersonName id={line.person} />}
              {line.person !== null && line.subject !== null ? ' → ' : ' '}
              {line.subject !== null && <SubjectName subject={line.subject} />} <span className={styles.text}>{line.text}</span>
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
  return ms < 10_000 ? `+${String(Math.max(0, ms))} ms` : `+${(ms / 1_000).toFixed(1)} s`;
}
