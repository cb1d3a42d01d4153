import { useState } from 'react';
import type { ImpactReportView as Report } from '#gateway/http/contract/policy.ts';
import { Notice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { ImpactGroups } from './impact-groups.tsx';
import { headlines, impactKinds, skippedText, type ImpactKind } from './impact-words.ts';
import styles from './impact.module.css';
import { plural } from './revision-words.ts';

interface ImpactReportProps {
  readonly report: Report;
  readonly revisionId: string;
  readonly parentId: string | null;
}

/** The headline in plain words, and then the flips by whom and what they concern and by the line that makes them. */
export function ImpactReportView({ report, revisionId, parentId }: ImpactReportProps) {
  const kinds = impactKinds.filter(([kind]) => report.kinds[kind] > 0);
  const [chosen, setChosen] = useState<ImpactKind | null>(null);
  const kind = chosen ?? kinds[0]?.[0] ?? null;
  return (
    <div className={styles.report}>
      <div className="stack-s" aria-label="What would change" role="group">
        {headlines(report).map(({ tone, text }) => (
          <Notice key={text} tone={tone}>
            <strong>{text}</strong>
          </Notice>
        ))}
      </div>
      <Basis report={report} />
      {kinds.length > 1 && (
        <fieldset className={styles.kinds}>
          <legend className="visually-hidden">Which flips</legend>
          {kinds.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="impact-kind" checked={value === kind} onChange={() => setChosen(value)} />
              {label} ({report.kinds[value]})
            </label>
          ))}
        </fieldset>
      )}
      {kind !== null && <ImpactGroups report={report} kind={kind} revisionId={revisionId} parentId={parentId} />}
    </div>
  );
}

function Basis({ report }: { report: Report }) {
  const skipped = skippedText(report);
  return (
    <>
      <p className="soft">
        <Instant atMs={report.window.fromMs} /> to <Instant atMs={report.window.toMs} />: {plural(report.decisions, 'decision')},{' '}
        {report.replayed} decided again{skipped === '' ? '' : ` (${skipped})`}, with grants and schedules as they{' '}
        {report.data === 'then' ? 'were then' : 'are today'}. Nothing is sampled.
      </p>
      {report.failures.total > 0 && (
        <Notice tone="deny">
          {plural(report.failures.total, 'evaluation')} ended in an error, which denies: {report.failures.first?.message}
        </Notice>
      )}
      {report.engineCheck.differences > 0 && (
        <Notice tone="deny">The two engines disagree in {plural(report.engineCheck.differences, 'decision')}: do not publish this.</Notice>
      )}
    </>
  );
}
