import { Link } from '@tanstack/react-router';
import { CircleCheck, SpellCheck } from 'lucide-react';
import type { FindingView, RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { buttonClass } from '../../../shared/ui/button.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { FindingList } from '../finding-list.tsx';
import { plural } from '../revision-words.ts';
import { Failures } from '../test-panel.tsx';

interface ProblemsPanelProps {
  readonly detail: RevisionDetailView;
  readonly findings: readonly FindingView[];
  readonly isDirty: boolean;
  readonly onOpen: (finding: FindingView) => void;
}

/** What stands against the text, and then the way on. */
export function ProblemsPanel({ detail, findings, isDirty, onOpen }: ProblemsPanelProps) {
  const { check, test, revision } = detail;
  const failed = test?.failed ?? 0;
  return (
    <Panel
      title="Problems"
      aside={
        <span role="status" className="soft">
          {check === null
            ? 'not checked yet'
            : `${plural(findings.length, 'problem')}${testText(test)}${isDirty ? ', of the text as it was saved' : ''}`}
        </span>
      }
    >
      {failed > 0 && test !== null && <Failures test={test} revisionId={revision.id} />}
      {findings.length > 0 && <FindingList findings={findings} revisionId={revision.id} onOpen={onOpen} />}
      {findings.length === 0 && failed === 0 && (
        <Empty
          icon={check === null ? SpellCheck : CircleCheck}
          title={check === null ? 'Check it to see what stands against it' : 'No problems'}
        >
          {check !== null && !isDirty && (
            <Link to="/console/policy/revisions/$revisionId" params={{ revisionId: revision.id }} className={buttonClass()}>
              On to tests and impact
            </Link>
          )}
        </Empty>
      )}
    </Panel>
  );
}

function testText(test: RevisionDetailView['test']): string {
  if (test === null) return ', not tested yet';
  const reached = `tests reach ${String(Math.round(test.coverage01 * 100))} % of the lines`;
  return test.failed > 0 ? `, ${plural(test.failed, 'test')} failed, ${reached}` : `, all tests passed, ${reached}`;
}
