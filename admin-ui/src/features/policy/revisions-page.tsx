import { Page, Panel } from '../../shared/ui/page.tsx';
import { Skeleton } from '../../shared/ui/states.tsx';

export function RevisionsPage() {
  return (
    <Page title="Policy revisions" sub="Every text of the policy that was ever proposed; one of them is in force.">
      <Panel>
        <Skeleton />
      </Panel>
    </Page>
  );
}
