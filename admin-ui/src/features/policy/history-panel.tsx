import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { AuthorName } from './author-name.tsx';
import { policyHistoryQuery } from './policy-queries.ts';
import styles from './policy.module.css';
import { capital, words } from '../../shared/log/describe-record.ts';

/** Who did what to the revision, and why. */
export function HistoryPanel({ revisionId }: { revisionId: string }) {
  const log = useQuery(policyHistoryQuery);
  const steps = (log.data?.entries ?? []).flatMap(({ seq, record }) =>
    record.type === 'policy_revision' && record.revisionId === revisionId && record.event !== 'shadow_disagreed' ? [{ seq, record }] : [],
  );
  return (
    <Panel title="History">
      {log.data === undefined && <Pending query={log} lines={3} />}
      {log.data !== undefined && steps.length === 0 && <p className={styles.below}>Not among the newest steps of the log.</p>}
      <ol className={styles.history}>
        {steps.map(({ seq, record }) => (
          <li key={seq}>
            <Instant atMs={record.occurredAtMs} />
            <div>
              <strong>{capital(words(record.event))}</strong>
              {record.operatorId !== null && (
                <>
                  {' '}
                  by <AuthorName id={record.operatorId} />
                </>
              )}
              {record.reason !== '' && <span>: {record.reason}</span>}{' '}
              {record.detail !== '' && <span className="soft">{record.detail}</span>}
            </div>
            {record.decisionId !== null && (
              <Link to="/console/decisions/$decisionId" params={{ decisionId: record.decisionId }} className={styles.place}>
                Decision
              </Link>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
