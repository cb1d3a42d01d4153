import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, FilePen, GitCompareArrows } from 'lucide-react';
import type { RevisionDetailView, RevisionView } from '#gateway/http/contract/policy.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { AuthorName } from './author-name.tsx';
import { FindingsPanel } from './findings-panel.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { ImpactPanel } from './impact-panel.tsx';
import { LifePanel } from './life-panel.tsx';
import { revisionQuery } from './policy-queries.ts';
import styles from './policy.module.css';
import { RevisionChip } from './revision-chip.tsx';
import { revisionName, shortHash } from './revision-words.ts';
import { ShadowPanel } from './shadow-panel.tsx';
import { TestPanel } from './test-panel.tsx';

export function RevisionPage({ revisionId }: { revisionId: string }) {
  const detail = useQuery(revisionQuery(revisionId));
  const session = useQuery(sessionQuery);
  const back = (
    <Link to="/console/policy/revisions" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Revisions
    </Link>
  );
  if (detail.data === undefined) {
    return (
      <Page title="Revision" back={back}>
        <Panel>
          <Pending query={detail} lines={8} />
        </Panel>
      </Page>
    );
  }
  const { revision } = detail.data;
  const viewer = { personId: session.data?.person?.id ?? '', actions: session.data?.actions ?? [] };
  return (
    <Page
      title={revisionName(revision)}
      back={back}
      sub={<RevisionFacts revision={revision} />}
      actions={<RevisionLinks revision={revision} mayEdit={viewer.actions.includes('policy.propose')} />}
    >
      <LifePanel detail={detail.data} viewer={viewer} />
      <Reports detail={detail.data} mayMeasure={viewer.actions.includes('policy.propose')} />
      <HistoryPanel revisionId={revisionId} />
    </Page>
  );
}

function RevisionFacts({ revision }: { revision: RevisionView }) {
  return (
    <>
      <RevisionChip state={revision.state} />
      <span className={styles.hash}>
        <code title={revision.revision ?? revision.contentHash}>{shortHash(revision)}</code>
        <CopyButton text={revision.revision ?? revision.contentHash} label="Copy hash" />
      </span>
      <span>
        by <AuthorName id={revision.authorId} />, <Ago atMs={revision.createdAtMs} />
      </span>
      {revision.parentId !== null && <Lineage parentId={revision.parentId} />}
    </>
  );
}

function Lineage({ parentId }: { parentId: string }) {
  const { data } = useQuery(revisionQuery(parentId));
  return (
    <span>
      from{' '}
      <Link to="/console/policy/revisions/$revisionId" params={{ revisionId: parentId }}>
        {data === undefined ? parentId : `${revisionName(data.revision)} (${shortHash(data.revision)})`}
      </Link>
    </span>
  );
}

function RevisionLinks({ revision, mayEdit }: { revision: RevisionView; mayEdit: boolean }) {
  return (
    <>
      {revision.parentId !== null && (
        <Link to="/console/policy/compare" search={{ from: revision.parentId, to: revision.id }} className={buttonClass()}>
          <GitCompareArrows size={15} aria-hidden /> What changed
        </Link>
      )}
      {mayEdit && (
        <Link to="/console/policy/revisions/$revisionId/edit" params={{ revisionId: revision.id }} className={buttonClass()}>
          <FilePen size={15} aria-hidden /> Open in the editor
        </Link>
      )}
    </>
  );
}

function Reports({ detail, mayMeasure }: { detail: RevisionDetailView; mayMeasure: boolean }) {
  const { revision, check, test } = detail;
  return (
    <>
      {revision.state === 'shadow' && <ShadowPanel revisionId={revision.id} />}
      {check !== null && <FindingsPanel revisionId={revision.id} check={check} />}
      {test !== null && <TestPanel revisionId={revision.id} test={test} />}
      {revision.revision !== null && <ImpactPanel detail={detail} mayMeasure={mayMeasure} />}
    </>
  );
}
