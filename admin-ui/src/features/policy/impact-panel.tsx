import { Square } from 'lucide-react';
import type { ImpactJobView, RevisionDetailView } from '#gateway/http/contract/policy.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { ImpactForm } from './impact-form.tsx';
import { ImpactReportView } from './impact-report.tsx';
import { PolicyProblem } from './policy-problem.tsx';
import styles from './impact.module.css';
import shared from './policy.module.css';
import { plural } from './revision-words.ts';
import { useImpact } from './use-impact.ts';

/** What the revision would have decided differently: every recorded decision of a window is decided again, and nothing is sampled. */
export function ImpactPanel({ detail, mayMeasure }: { detail: RevisionDetailView; mayMeasure: boolean }) {
  const { job, start, cancel, error } = useImpact(detail.revision.id);
  const running = job?.state === 'running' ? job : null;
  const report = detail.impact;
  return (
    <div id="impact" tabIndex={-1} className={styles.anchor}>
      <Panel title="Impact">
        {mayMeasure && <ImpactForm isRunning={running !== null || start.isPending} onStart={(question) => start.mutate(question)} />}
        <div className={shared.below} role="status">
          {running !== null && <Progress job={running} isStopping={cancel.isPending} onStop={() => cancel.mutate(running.id)} />}
          {job?.state === 'cancelled' && <Notice tone="info">Stopped. What was measured before stays below.</Notice>}
          {job?.state === 'failed' && <Notice tone="deny">{job.message}</Notice>}
        </div>
        {error !== null && (
          <div className={shared.below}>
            <PolicyProblem error={error} />
          </div>
        )}
        {report === null ? (
          running === null && <p className={shared.below}>Nothing was measured yet.</p>
        ) : (
          <ImpactReportView
            key={String(report.window.toMs)}
            report={report}
            revisionId={detail.revision.id}
            parentId={detail.revision.parentId}
          />
        )}
      </Panel>
    </div>
  );
}

function Progress({ job, isStopping, onStop }: { job: ImpactJobView; isStopping: boolean; onStop: () => void }) {
  const { decisions, flips, share01 } = job.progress;
  return (
    <div className={styles.progress}>
      <progress aria-label="Decided again" value={share01} max={1} />
      <span>
        {String(Math.round(share01 * 100))} %: {plural(decisions, 'decision')} decided again, {plural(flips, 'flip')}
      </span>
      <Button size="small" icon={Square} busy={isStopping} onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}
