import { getRouteApi } from '@tanstack/react-router';
import { LibraryPage } from '../features/policy-data/library/library-page.tsx';
import { PolicyDataPage } from '../features/policy-data/policy-data-page.tsx';

const policyData = getRouteApi('/console/policy/data');

/** Joins the pages of the policy's data to their addresses. */
export function PolicyDataRoute() {
  const { part = 'grants' } = policyData.useSearch();
  const navigate = policyData.useNavigate();
  return <PolicyDataPage view={part} onView={(next) => void navigate({ search: { part: next }, replace: true })} />;
}

export function PolicyLibraryRoute() {
  return <LibraryPage />;
}
