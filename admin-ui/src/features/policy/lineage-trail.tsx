import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { RevisionView } from '#gateway/http/contract/policy.ts';
import { revisionsQuery } from './policy-queries.ts';
import { revisionName, shortHash } from './revision-words.ts';

const ANCESTORS_MAX = 4;

/** Which revisions it comes from, as far back as the list that is loaded goes. */
export function LineageTrail({ revision }: { revision: RevisionView }) {
  const list = useInfiniteQuery(revisionsQuery);
  const known = new Map(list.data?.pages.flatMap((page) => page.revisions).map((each) => [each.id, each]));
  const ancestors: RevisionView[] = [];
  for (let id = revision.parentId; id !== null && ancestors.length < ANCESTORS_MAX;) {
    const parent = known.get(id);
    if (parent === undefined) break;
    ancestors.push(parent);
    id = parent.parentId;
  }
  if (revision.parentId === null) return null;
  if (ancestors.length === 0) return <>from {revision.parentId}</>;
  return (
    <>
      from{' '}
      {ancestors.map((ancestor, index) => (
        <span key={ancestor.id}>
          {index > 0 && ' ← '}
          <Link to="/console/policy/revisions/$revisionId" params={{ revisionId: ancestor.id }}>
            {revisionName(ancestor)} ({shortHash(ancestor)})
          </Link>
        </span>
      ))}
    </>
  );
}
