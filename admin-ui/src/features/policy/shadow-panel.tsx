import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Pending } from '../../shared/ui/loaded.tsx';
import { PersonName, SubjectName } from '../../shared/ui/name.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { Instant } from '../../shared/ui/time.tsx';
import { impactKinds } from './impact-words.ts';
import { policyHistoryQuery, shadowQuery } from './policy-queries.ts';
import shared from './policy.module.css';
import styles from './shadow-panel.module.css';
import { plural } from './revision-words.ts';

const THREADS: Readonly<Record<string, string>> = { doors: 'Doors', main: 'Logins and operators' };

/** A run beside what is in force: how much was compared, and each disagreement. */
export function ShadowPanel({ revisionId }: { revisionId: string }) {
  const shadow = useQuery(shadowQuery);
  if (shadow.data === undefined) {
    return (
      <Panel title="Shadow run">
        <Pending query={shadow} lines={2} />
      </Panel>
    );
  }
  return (
    <Panel title="Shadow run">
      {shadow.data.revisionId !== revisionId ? (
        <Notice tone="warn">The run ended when the gateway was started anew. Start it again, or end it.</Notice>
      ) : (
        <dl className={styles.points}>
          {Object.entries(shadow.data.points).map(([name, { compared, differences, failures, dropped }]) => (
            <div key={name}>
              <dt>{THREADS[name] ?? name}</dt>
              <dd>
                {plural(differences, 'disagreement')} in {plural(compared, 'decision')}
                {failures > 0 && <>, {plural(failures, 'failure')}</>}
                {dropped > 0 && <>, {dropped} not compared for lack of time</>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Disagreements revisionId={revisionId} />
    </Panel>
  );
}

/** `kind action person resource request: effect reasons`, as the gateway writes it; anything else is shown as it is. */
const DETAIL = /^(permit_to_deny|deny_to_permit|reasons_changed|obligations_changed) (\S+) (\S+) (\S+) \S+: (.*)$/;

function DisagreementText({ detail }: { detail: string }) {
  const [, kind, action = '', personId = '', resourceId = '', answer = ''] = DETAIL.exec(detail) ?? [];
  const label = impactKinds.find(([each]) => each === kind)?.[1];
  if (label === undefined) return <div>{detail}</div>;
  return (
    <div>
      <strong>{label}:</strong> {personId === 'nobody' ? 'nobody known' : <PersonName id={personId} />}{' '}
      <SubjectName subject={{ kind: action === 'door.unlock' ? 'doors' : 'apps', id: resourceId }} />{' '}
      <span className="soft">
        {action}, would be {answer}
      </span>
    </div>
  );
}

function Disagreements({ revisionId }: { revisionId: string }) {
  const log = useQuery(policyHistoryQuery);
  const found = (log.data?.entries ?? []).flatMap(({ seq, record }) =>
    record.type === 'policy_revision' && record.revisionId === revisionId && record.event === 'shadow_disagreed' ? [{ seq, record }] : [],
  );
  if (found.length === 0) return null;
  return (
    <ol className={shared.history} aria-label="Disagreements">
      {found.map(({ seq, record }) => (
        <li key={seq}>
          <Instant atMs={record.occurredAtMs} />
          <DisagreementText detail={record.detail} />
          {record.decisionId !== null && (
            <Link to="/console/decisions/$decisionId" params={{ decisionId: record.decisionId }} className={shared.place}>
              Decision
            </Link>
          )}
        </li>
      ))}
    </ol>
  );
}
