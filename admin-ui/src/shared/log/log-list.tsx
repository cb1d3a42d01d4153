import { Link } from '@tanstack/react-router';
import { ChevronDown, CornerDownRight } from 'lucide-react';
import { useId, useState } from 'react';
import { PersonName, SubjectName } from '../ui/name.tsx';
import { Instant } from '../ui/time.tsx';
import { describeRecord, type Line } from './describe-record.ts';
import type { FeedRow } from './feed-rows.ts';
import { followUpTexts } from './follow-up-texts.ts';
import { RecordChip } from './record-chip.tsx';
import { Timeline } from './timeline.tsx';
import styles from './log-list.module.css';

interface LogListProps {
  /** Newest first. */
  readonly rows: readonly FeedRow[];
  readonly label: string;
  /** Entries above this number have just arrived and are marked for a moment. */
  readonly freshAfterSeq?: number | undefined;
}

export function LogList({ rows, label, freshAfterSeq = Number.MAX_SAFE_INTEGER }: LogListProps) {
  return (
    <ol aria-label={label}>
      {rows.map((row) => (
        <LogRow key={row.entry.seq} row={row} fresh={row.entry.seq > freshAfterSeq} />
      ))}
    </ol>
  );
}

function LogRow({ row, fresh }: { row: FeedRow; fresh: boolean }) {
  const [expanded, setExpanded] = useState(false);
  const foldedId = useId();
  const { record } = row.entry;
  const line = describeRecord(record);
  return (
    <li className={`${styles.item} ${fresh ? styles.fresh : ''}`} data-type={record.type}>
      <div className={styles.row}>
        <span className={styles.time}>
          <Instant atMs={record.occurredAtMs} />
        </span>
        <span>
          <RecordChip record={record} />
        </span>
        <span className={styles.what}>
          <Who line={line} />
          {line.text !== '' && <span className={styles.text}>{line.text}</span>}
          <FollowUps row={row} />
        </span>
        {line.decisionId !== null && (
          <Link to="/console/decisions/$decisionId" params={{ decisionId: line.decisionId }} className={styles.open}>
            <span className="visually-hidden">Open the decision, </span>
            {record.type === 'decision' ? latencyText(record.latencyUs) : 'decision'}
          </Link>
        )}
        {row.followUps.length > 0 && (
          <button
            type="button"
            className={styles.expand}
            aria-expanded={expanded}
            aria-controls={foldedId}
            aria-label="What followed, entry by entry"
            onClick={() => setExpanded(!expanded)}
          >
            <ChevronDown size={15} aria-hidden />
          </button>
        )}
      </div>
      {expanded && (
        <div id={foldedId} className={styles.folded}>
          <Timeline entries={row.followUps} startMs={record.occurredAtMs} label="What followed" />
        </div>
      )}
    </li>
  );
}

function Who({ line }: { line: Line }) {
  const decided = line.label === 'Permit' || line.label === 'Deny';
  return (
    <>
      {line.person !== null ? <PersonName id={line.person} /> : decided && <em>nobody known</em>}
      {line.subject !== null && (line.person !== null || decided) && (
        <span className={styles.arrow} aria-label="at">
          →
        </span>
      )}
      {line.subject !== null && <SubjectName subject={line.subject} />}
    </>
  );
}

function FollowUps({ row }: { row: FeedRow }) {
  const texts = followUpTexts(row);
  if (texts.length === 0) return null;
  return (
    <span className={styles.followUps}>
      {texts.map(({ text, failed }) => (
        <span key={text} className={failed ? styles.failed : undefined}>
          <CornerDownRight size={12} aria-hidden />
          {text}
        </span>
      ))}
    </span>
  );
}

export function latencyText(latencyUs: number): string {
  return latencyUs < 1_000 ? `${String(latencyUs)} µs` : `${(latencyUs / 1_000).toFixed(1)} ms`;
}
