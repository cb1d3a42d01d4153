import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { GitCompareArrows, ScrollText } from 'lucide-react';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { AuthorName } from './author-name.tsx';
import { InForcePanel } from './in-force-panel.tsx';
import { revisionsQuery } from './policy-queries.ts';
import styles from './policy.module.css';
import { RevisionChip } from './revision-chip.tsx';
import { revisionName, shortHash } from './revision-words.ts';

export function RevisionsPage() {
  const list = useInfiniteQuery(revisionsQuery);
  const revisions = list.data?.pages.flatMap((page) => page.revisions) ?? [];
  const [{ activations, wayBackId } = { activations: [], wayBackId: null }] = list.data?.pages ?? [];
  return (
    <Page
      title="Policy"
      sub="Every text of the policy that was ever proposed. One of them is in force, at doors and logins alike."
      actions={
        <Link to="/console/policy/compare" className={buttonClass()}>
          <GitCompareArrows size={15} aria-hidden /> Compare
        </Link>
      }
    >
      {activations.length > 0 && <InForcePanel revisions={revisions} activations={activations} wayBackId={wayBackId} />}
      <Panel title="Revisions">
        {list.data === undefined ? (
          <Pending query={list} lines={6} />
        ) : revisions.length === 0 ? (
          <Empty icon={ScrollText} title="There is no revision yet">
            The one that comes with the program appears when the gateway starts.
          </Empty>
        ) : (
          <RevisionTable revisions={revisions} />
        )}
        {list.hasNextPage && <LoadMore label="Load older" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()} />}
      </Panel>
    </Page>
  );
}

function RevisionTable({ revisions }: { revisions: readonly RevisionView[] }) {
  return (
    <table className={table.table}>
      <TableHead columns={['Revision', 'State']} wide={['Author', 'Approved by', 'In force since']} />
      <tbody>
        {revisions.map((revision) => (
          <RevisionRow key={revision.id} revision={revision} />
        ))}
      </tbody>
    </table>
  );
}

function RevisionRow({ revision }: { revision: RevisionView }) {
  const isActive = revision.state === 'active';
  return (
    <tr className={isActive ? styles.activeRow : undefined} aria-current={isActive ? 'true' : undefined}>
      <td>
        <Link to="/console/policy/revisions/$revisionId" params={{ revisionId: revision.id }} className={table.rowLink}>
          {revisionName(revision)}
        </Link>
        <div className={table.small}>
          <code>{shortHash(revision)}</code> · <Ago atMs={revision.createdAtMs} />
        </div>
      </td>
      <td>
        <RevisionChip state={revision.state} />
      </td>
      <td className={table.wide}>
        <span className={styles.above}>
          <AuthorName id={revision.authorId} />
        </span>
      </td>
      <td className={table.wide}>
        <span className={styles.above}>
          {revision.approval !== null ? (
            <AuthorName id={revision.approval.operatorId} />
          ) : revision.emergency !== null ? (
            'nobody: emergency'
          ) : (
            <span className={table.soft}>–</span>
          )}
        </span>
      </td>
      <td className={table.wide}>
        {revision.activatedAtMs === null ? <span className={table.soft}>–</span> : <Ago atMs={revision.activatedAtMs} />}
        {!isActive && revision.activatedAtMs !== null && <span className={table.soft}> (was)</span>}
      </td>
    </tr>
  );
}
