import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { FilePen, ShieldCheck, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { isRefused, type RevisionsView, type RevisionView } from '#gateway/http/contract/policy.ts';
import { sessionQuery, statusQuery } from '../../shared/api/queries.ts';
import { Button, buttonClass } from '../../shared/ui/button.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { AuthorName } from './author-name.tsx';
import { revisionQuery } from './policy-queries.ts';
import styles from './in-force-panel.module.css';
import { revisionName } from './revision-words.ts';
import { RollBackDialog } from './roll-back-dialog.tsx';

interface InForcePanelProps {
  readonly revisions: readonly RevisionView[];
  readonly activations: RevisionsView['activations'];
  /** What a roll-back returns to. */
  readonly wayBackId: RevisionsView['wayBackId'];
}

/** What decides now, and the two ways from it: a draft that begins with it, and back. */
export function InForcePanel({ revisions, activations, wayBackId }: InForcePanelProps) {
  const [isRollingBack, setRollingBack] = useState(false);
  const session = useQuery(sessionQuery);
  const status = useQuery(statusQuery);
  const [activation] = activations;
  const activeId = activation?.revisionId ?? '';
  const listed = revisions.find(({ id }) => id === activeId);
  // Older than the first page of the list.
  const asked = useQuery({ ...revisionQuery(activeId), enabled: listed === undefined && activeId !== '' });
  const active = listed ?? asked.data?.revision;
  if (activation === undefined) return null;
  const actions = session.data?.actions ?? [];
  return (
    <section className={styles.inForce} aria-label="In force">
      <ShieldCheck size={26} aria-hidden className={styles.inForceIcon} />
      <div className={styles.inForceText}>
        <h2 className={styles.inForceTitle}>In force: {active === undefined ? activation.revision.slice(0, 10) : revisionName(active)}</h2>
        <p>
          <code>{activation.revision.slice(0, 10)}</code> since <Ago atMs={activation.activatedAtMs} />
          {active !== undefined && (
            <>
              , written by <AuthorName id={active.authorId} />
              {active.approval !== null && (
                <>
                  , approved by <AuthorName id={active.approval.operatorId} />
                </>
              )}
              {active.emergency !== null && <strong>, published in an emergency</strong>}
            </>
          )}
        </p>
        {status.data !== undefined && isRefused(activation, status.data) && (
          <Notice tone="deny" role="alert">
            <p>
              It does not decide: when the gateway started, its bundle was not what was signed. Policy{' '}
              <code>{status.data.policyRevision.slice(0, 10)}</code> decides instead. Roll back, or publish again.
            </p>
          </Notice>
        )}
      </div>
      <div className={styles.inForceActions}>
        {actions.includes('policy.propose') && (
          <Link to="/console/policy/revisions/$revisionId/edit" params={{ revisionId: activeId }} className={buttonClass('primary')}>
            <FilePen size={15} aria-hidden /> New draft
          </Link>
        )}
        {actions.includes('policy.activate') && wayBackId !== null && (
          <Button icon={Undo2} onClick={() => setRollingBack(true)}>
            Roll back
          </Button>
        )}
      </div>
      {isRollingBack && wayBackId !== null && (
        <RollBackDialog revisionId={wayBackId} active={active} onClose={() => setRollingBack(false)} />
      )}
    </section>
  );
}
