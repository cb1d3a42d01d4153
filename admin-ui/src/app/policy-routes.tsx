import { getRouteApi, Outlet } from '@tanstack/react-router';
import { ComparePage } from '../features/policy/compare-page.tsx';
import { PolicyLayout } from '../features/policy/policy-layout.tsx';
import { RevisionPage } from '../features/policy/revision-page.tsx';
import { RevisionsPage } from '../features/policy/revisions-page.tsx';

const revision = getRouteApi('/console/policy/revisions/$revisionId');
const compare = getRouteApi('/console/policy/compare');

/** Joins the pages of the policy to their addresses. */
export function PolicyRoute() {
  return (
    <PolicyLayout>
      <Outlet />
    </PolicyLayout>
  );
}

export function RevisionsRoute() {
  return <RevisionsPage />;
}

export function RevisionRoute() {
  const { revisionId } = revision.useParams();
  return <RevisionPage key={revisionId} revisionId={revisionId} />;
}

export function CompareRoute() {
  const navigate = compare.useNavigate();
  return <ComparePage search={compare.useSearch()} onSearch={(next) => void navigate({ search: next, replace: true })} />;
}
