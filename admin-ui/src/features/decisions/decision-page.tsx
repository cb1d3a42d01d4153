import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRight, CircleCheck, CircleX } from 'lucide-react';
import { decisionDetailSchema, type DecisionDetail } from '#gateway/http/contract/admin.ts';
import { getJson } from '../../shared/api/client.ts';
import { actionText, decisionSubject, words } from '../../shared/log/describe-record.ts';
import { latencyText } from '../../shared/log/log-list.tsx';
import { Timeline } from '../../shared/log/timeline.tsx';
import { CopyButton } from '../../shared/ui/copy-button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { PersonName, SubjectName } from '../../shared/ui/name.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import styles from './decisions.module.css';
import { InputTree } from './input-tree.tsx';
import { WhyPanel } from './why-panel.tsx';

type Decision = Extract<DecisionDetail['entries'][number]['record'], { readonly type: 'decision' }>;

export function DecisionPage({ decisionId }: { decisionId: string }) {
  const detail = useQuery({
    queryKey: ['decisions', decisionId],
    queryFn: ({ signal }) => getJson(`/api/decisions/${encodeURIComponent(decisionId)}`, decisionDetailSchema, signal),
  });
  const back = (
    <Link to="/console/decisions" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Decisions
    </Link>
  );
  return (
    <Page
      title="Decision"
      back={back}
      sub={
        <span className={styles.number}>
          <code>{decisionId}</code> <CopyButton text={decisionId} />
        </span>
      }
    >
      {detail.data !== undefined ? (
        <Detail detail={detail.data} />
      ) : (
        <Panel>
          <Pending query={detail} lines={8} />
        </Panel>
      )}
    </Page>
  );
}

function Detail({ detail }: { detail: DecisionDetail }) {
  const decision = detail.entries.map((entry) => entry.record).find((record) => record.type === 'decision');
  return (
    <>
      {decision !== undefined && <Verdict decision={decision} reasons={detail.reasons} />}
      <div className={styles.columns}>
        <Panel title="What happened">
          <Timeline entries={detail.entries} label="What happened" />
        </Panel>
        {decision !== undefined && <Stamp decision={decision} />}
      </div>
      {decision !== undefined && <WhyPanel decisionId={decision.decisionId} />}
      {decision !== undefined && <InputTree input={decision.input} />}
    </>
  );
}

function Verdict({ decision, reasons }: { decision: Decision; reasons: DecisionDetail['reasons'] }) {
  const permit = decision.effect === 'permit';
  const subject = decisionSubject(decision);
  return (
    <section className={`${styles.verdict} ${permit ? styles.permit : styles.deny}`} aria-label="Verdict">
      {permit ? <CircleCheck size={28} aria-hidden /> : <CircleX size={28} aria-hidden />}
      <div className={styles.verdictBody}>
        <h2 className={styles.effect}>{permit ? 'Permit' : 'Deny'}</h2>
        <p className={styles.who}>
          {decision.personId === null ? <em>nobody known</em> : <PersonName id={decision.personId} />}
          {subject !== null && (
            <>
              <ArrowRight size={14} aria-label="at" />
              <SubjectName subject={subject} />
            </>
          )}
          <span className={styles.soft}>
            {actionText(decision.action) || 'door'}, <Instant atMs={decision.occurredAtMs} />
          </span>
        </p>
        {permit && decision.permits.length > 0 && (
          <p className={styles.soft}>
            By rule <code>{decision.permits.join(', ')}</code>
          </p>
        )}
        {decision.obligations.map((obligation) => (
          <p key={obligation.id} className={styles.soft}>
            {obligation.id === 'step_up' ? 'On condition of a fresh passkey check.' : 'With the door’s extended open time.'}
          </p>
        ))}
        <ul className={styles.reasons}>
          {reasons.map((reason) => (
            <li key={reason.code}>
              <strong>{reason.message}</strong> {reason.remedy} <code>{reason.code}</code>
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function Stamp({ decision }: { decision: Decision }) {
  const reason = decision.operatorReason?.trim() ?? '';
  const facts: readonly (readonly [string, string])[] = [
    ['Policy revision', decision.policyRevision],
    ['Data revision', decision.dataRevision],
    ['Epoch', String(decision.epoch)],
    ['Mode', words(decision.mode)],
    ['Channel', decision.channel],
    ['Latency', latencyText(decision.latencyUs)],
    ...(reason === '' ? [] : [['Operator’s reason', reason] as const]),
  ];
  return (
    <Panel title="Stamp">
      <dl className={styles.stamp}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
