import { CircleCheck } from 'lucide-react';
import type { CheckReportView } from '#gateway/http/contract/policy.ts';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import { FindingList } from './finding-list.tsx';
import { plural } from './revision-words.ts';

/** What check and lint found, each at its place. */
export function FindingsPanel({ revisionId, check }: { revisionId: string; check: CheckReportView }) {
  const { findings, trial } = check;
  return (
    <Panel
      title="Check"
      aside={
        trial !== null && (
          <span className="soft">
            worst case {trial.slowestMs} ms, {plural(trial.inputs, 'input')}
          </span>
        )
      }
    >
      {findings.length === 0 ? (
        <Empty icon={CircleCheck} title="No problems">
          It compiles, the types fit, and the linter has nothing to say.
        </Empty>
      ) : (
        <FindingList findings={findings} revisionId={revisionId} />
      )}
    </Panel>
  );
}
