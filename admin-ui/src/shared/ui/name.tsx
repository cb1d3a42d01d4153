import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { directoryQuery, type DirectoryKind } from '../api/queries.ts';
import type { Subject } from '../log/describe-record.ts';
import { HOST_OPERATOR_ID, HOST_OPERATOR_NAME } from '../log/operator-name.ts';
import styles from './name.module.css';

/** Records hold identifiers only; the directory gives them names. An unknown identifier is shown as it is. */
function useNameOf(): (kind: DirectoryKind, id: string) => string | undefined {
  const { data } = useQuery(directoryQuery);
  return (kind, id) => data?.[kind][id] ?? (kind === 'people' && id === HOST_OPERATOR_ID ? HOST_OPERATOR_NAME : undefined);
}

export function PersonName({ id }: { id: string }) {
  const name = useNameOf()('people', id);
  if (id === HOST_OPERATOR_ID) return <span className={styles.plain}>{name}</span>;
  return (
    <Link to="/console/people/$personId" params={{ personId: id }} className={styles.link}>
      {name ?? <code>{id}</code>}
    </Link>
  );
}

export function SubjectName({ subject }: { subject: Subject }) {
  const nameOf = useNameOf();
  if (subject.kind === 'people') return <PersonName id={subject.id} />;
  if (subject.kind === 'other') return <code>{subject.id}</code>;
  const name = nameOf(subject.kind, subject.id) ?? <code>{subject.id}</code>;
  if (subject.kind === 'apps') {
    return (
      <Link to="/console/apps/$appId" params={{ appId: subject.id }} className={styles.link}>
        {name}
      </Link>
    );
  }
  if (subject.kind !== 'doors') return <span className={styles.plain}>{name}</span>;
  return (
    <Link to="/console/doors/$doorId" params={{ doorId: subject.id }} className={styles.link}>
      {name}
    </Link>
  );
}
