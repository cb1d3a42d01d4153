import { Outlet } from '@tanstack/react-router';
import { Wrench } from 'lucide-react';
import { PolicyLayout } from '../features/policy/policy-layout.tsx';
import { RevisionsPage } from '../features/policy/revisions-page.tsx';
import { Page, Panel } from '../shared/ui/page.tsx';
import { Empty } from '../shared/ui/states.tsx';

/** Joins the pages of the policy to their addresses. Loaded only for them: the editor is heavy. */
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

export function PolicyDataRoute() {
  return (
    <Page title="Policy data">
      <Panel>
        <Empty icon={Wrench} title="Not here yet" />
      </Panel>
    </Page>
  );
}

export function PolicyLibraryRoute() {
  return (
    <Page title="Policy library">
      <Panel>
        <Empty icon={Wrench} title="Not here yet" />
      </Panel>
    </Page>
  );
}
