import { Link } from '@tanstack/react-router';
import { CornerDownRight } from 'lucide-react';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { PersonName, SubjectName } from '../ui/name.tsx';
import { Instant } from '../ui/time.tsx';
import { describeRecord, type Line } from './describe-record.ts';
import { toFeedRows, type FeedRow } from './feed-rows.ts';
import { RecordChip } from './record-chip.tsx';
import styles from './log-list.module.css';

interface LogListProps {
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly label: string;
  /** Entries above this number have just arrived and are marked for a moment. */
  readonly freshAfterSeq?: number | undefined;
}

export function LogList({ entries, label, freshAfterSeq = Number.MAX_SAFE_INTEGER }: LogListProps) {
  return (
    <ol className={styles.list} aria-label={label}>
      {toFeedRows(entries).map((row) => (
        <LogRow key={row.entry.seq} row={row} fresh={row.entry.seq > freshAfterSeq} />
      ))}
    </ol>
  );
}

function LogRow({ row, fresh }: { row: FeedRow; fresh: boolean }) {
  const { record } = row.entry;
  const line = describeRecord(record);
  return (
    <li className={`${styles.row} ${fresh ? styles.fresh : ''}`} data-type={record.type}>
      <span className={styles.time}>
        <Instant atMs={record.occurredAtMs} />
      </span>
      <span>
        <RecordChip record={record} />
      </span>
      <span className={styles.what}>
        <Who line={line} />
        {line.text !== '' && <span className={styles.text}>{line.text}</span>}
        <FollowUps entries={row.followUps} />
      </span>
      {line.decisionId !== null ? (
        <Link to="/console/decisions/$decisionId" params={{ decisionId: line.decisionId }} className={styles.open}>
          <span className="visually-hidden">Open the decision, </span>
          {record.type === 'decision' ? latencyText(record.latencyUs) : 'decision'}
        </Link>
      ) : (
        <span />
      )}
    </li>
  );
}

function Who({ line }: { line: Line }) {
  return (
    <>
      {line.person !== null ? (
        <PersonName id={line.person} />
      ) : line.label === 'Permit' || line.label === 'Deny' ? (
        <em>nobody known</em>
      ) : null}
      {line.person !== null && line.subject !== null && (
        <span className={styles.arrow} aria-label="at">
          →
        </span>
      )}
      {line.person === null && line.subject !== null && (line.label === 'Permit' || line.label === 'Deny') && (
        <span className={styles.arrow} aria-label="at">
          →
        </span>
      )}
      {line.subject !== null && <SubjectName subject={line.subject} />}
    </>
  );
}

function FollowUps({ entries }: { entries: readonly Entry[] }) {
  // The lock's state and the decision's outcome say the same: once is enough.
  const texts = [...new Set(entries.map(({ record }) => followUpText(record)))];
  if (texts.length === 0) return null;
  return (
    <span className={styles.followUps}>
      {texts.map((text) => (
        <span key={text}>
          <CornerDownRight size={12} aria-hidden />
          {text}
        </span>
      ))}
    </span>
  );
}

function followUpText(record: Entry['record']): string {
  if (record.type === 'presence') return `now ${record.state}`;
  if (record.type === 'door_state') return record.state.lock === 'unknown' ? 'lock unknown' : record.state.lock;
  const { label, text } = describeRecord(record);
  return record.type === 'session' ? text : label.toLowerCase();
}

export function latencyText(latencyUs: number): string {
  return latencyUs < 1_000 ? `${String(latencyUs)} µs` : `${(latencyUs / 1_000).toFixed(1)} ms`;
}
