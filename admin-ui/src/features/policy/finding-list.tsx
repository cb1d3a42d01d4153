import { Link } from '@tanstack/react-router';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import type { FindingView } from '#gateway/http/contract/policy.ts';
import styles from './policy.module.css';

interface FindingListProps {
  readonly findings: readonly FindingView[];
  readonly revisionId: string;
  /** In the editor: goes to the place without leaving the page. */
  readonly onOpen?: (finding: FindingView) => void;
}

export function FindingList({ findings, revisionId, onOpen }: FindingListProps) {
  return (
    <ul className={styles.findings} aria-label="Problems">
      {findings.map((finding) => (
        <li key={`${finding.file}:${String(finding.row)}:${String(finding.col)}:${finding.code}`} data-severity={finding.severity}>
          {finding.severity === 'error' ? <CircleAlert size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
          <div>
            <span className="visually-hidden">{finding.severity}: </span>
            {finding.message} <code className="soft">{finding.code}</code>
          </div>
          {finding.row > 0 && <Place finding={finding} revisionId={revisionId} onOpen={onOpen} />}
        </li>
      ))}
    </ul>
  );
}

interface PlaceProps extends Omit<FindingListProps, 'findings' | 'onOpen'> {
  readonly finding: FindingView;
  readonly onOpen: ((finding: FindingView) => void) | undefined;
}

function Place({ finding, revisionId, onOpen }: PlaceProps) {
  const { file, row, col } = finding;
  const place = `${file}:${String(row)}:${String(col)}`;
  if (onOpen !== undefined) {
    return (
      <button type="button" className={styles.place} onClick={() => onOpen(finding)}>
        {place}
      </button>
    );
  }
  return (
    <Link to="/console/policy/revisions/$revisionId/edit" params={{ revisionId }} search={{ file, row, col }} className={styles.place}>
      {place}
    </Link>
  );
}
