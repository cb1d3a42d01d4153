import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowLeftRight, Equal, GitCompareArrows } from 'lucide-react';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState } from '../../shared/ui/states.tsx';
import { FileDiff } from './file-diff.tsx';
import { diffQuery, revisionsQuery } from './policy-queries.ts';
import styles from './policy.module.css';
import { describeState, plural, revisionName, shortHash } from './revision-words.ts';

export interface CompareSearch {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

interface ComparePageProps {
  readonly search: CompareSearch;
  readonly onSearch: (search: CompareSearch) => void;
}

/** Any two revisions. Without a choice: what is in force, and the newest. */
export function ComparePage({ search, onSearch }: ComparePageProps) {
  const list = useInfiniteQuery(revisionsQuery);
  const revisions = list.data?.pages.flatMap((page) => page.revisions) ?? [];
  const from = search.from ?? revisions.find(({ state }) => state === 'active')?.id ?? '';
  const to = search.to ?? revisions[0]?.id ?? '';
  return (
    <Page
      title="Compare revisions"
      back={
        <Link to="/console/policy/revisions" className={backClass}>
          <ArrowLeft size={14} aria-hidden /> Revisions
        </Link>
      }
    >
      <div className={styles.sides}>
        <SideChoice label="Before" value={from} revisions={revisions} onChange={(id) => onSearch({ from: id, to })} />
        <Button icon={ArrowLeftRight} onClick={() => onSearch({ from: to, to: from })}>
          Swap
        </Button>
        <SideChoice label="After" value={to} revisions={revisions} onChange={(id) => onSearch({ from, to: id })} />
      </div>
      {list.hasNextPage && (
        <LoadMore label="Load older revisions" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()} />
      )}
      {list.isError && (
        <Panel>
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        </Panel>
      )}
      {from !== '' && to !== '' && <Difference from={from} to={to} />}
    </Page>
  );
}

interface SideChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly revisions: readonly RevisionView[];
  readonly onChange: (id: string) => void;
}

function SideChoice({ label, value, revisions, onChange }: SideChoiceProps) {
  const isListed = revisions.some(({ id }) => id === value);
  return (
    <Field label={label}>
      {(control) => (
        <select {...control} value={value} onChange={(event) => onChange(event.target.value)}>
          {!isListed && <option value={value}>{value}</option>}
          {revisions.map((revision) => (
            <option key={revision.id} value={revision.id}>
              {shortHash(revision)} · {revisionName(revision)} · {describeState(revision.state).label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Difference({ from, to }: { from: string; to: string }) {
  const diff = useQuery({ ...diffQuery(from, to), enabled: from !== to });
  if (from === to) {
    return (
      <Panel>
        <Empty icon={GitCompareArrows} title="Choose two revisions" />
      </Panel>
    );
  }
  if (diff.data === undefined) {
    return (
      <Panel>
        <Pending query={diff} lines={8} />
      </Panel>
    );
  }
  const { files } = diff.data;
  if (files.length === 0) {
    return (
      <Panel>
        <Empty icon={Equal} title="The same text">
          Every file is the same, tests and cases included.
        </Empty>
      </Panel>
    );
  }
  return (
    <>
      <p role="status">{plural(files.length, 'file differs', 'files differ')}.</p>
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
    </>
  );
}
