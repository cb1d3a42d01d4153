import { useMutation } from '@tanstack/react-query';
import { UserCheck, Users } from 'lucide-react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { whoCanSchema, type WhoCanView } from '#gateway/http/contract/who-can.ts';
import { getJson } from '../../shared/api/client.ts';
import { words } from '../../shared/log/describe-record.ts';
import { Button } from '../../shared/ui/button.tsx';
import { PersonName } from '../../shared/ui/name.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState } from '../../shared/ui/states.tsx';
import styles from './door-page.module.css';
import panelStyles from './who-can-panel.module.css';

/** People that are listed; the command line lists all. */
const PEOPLE_SHOWN_MAX = 25;

/** Asked on demand only: every time is recorded, and what was true a minute ago is no answer. */
export function WhoCanPanel({ door }: { door: DoorView }) {
  const question = useMutation({ mutationFn: () => getJson(`/api/doors/${encodeURIComponent(door.id)}/who-can`, whoCanSchema) });
  const ask = (
    <Button size="small" icon={Users} busy={question.isPending} onClick={() => question.mutate()}>
      {question.isSuccess ? 'Ask again' : 'Ask the policy'}
    </Button>
  );
  return (
    <Panel title="Who can open this door now" aside={ask}>
      {question.isError ? (
        <ErrorState error={question.error} onRetry={() => question.mutate()} />
      ) : question.data === undefined ? (
        <p className={styles.lock}>The policy is asked about everybody, by the facts of this moment. The question is recorded.</p>
      ) : (
        <Answer answer={question.data} askedAtMs={question.submittedAt} />
      )}
    </Panel>
  );
}

function Answer({ answer, askedAtMs }: { answer: WhoCanView; askedAtMs: number }) {
  const { people, considered, hasMore } = answer;
  if (people.length === 0) return <Empty icon={UserCheck} title={`Nobody of ${String(considered)} people can open it now`} />;
  const notShown = people.length - PEOPLE_SHOWN_MAX;
  return (
    <>
      <p className={styles.lock} role="status">
        {hasMore ? 'More than ' : ''}
        {people.length} of {considered} people, at {new Date(askedAtMs).toLocaleTimeString()}
      </p>
      <ul className={panelStyles.people}>
        {people.slice(0, PEOPLE_SHOWN_MAX).map(({ personId, conditions }) => (
          <li key={personId}>
            <PersonName id={personId} />
            {conditions.length > 0 && <span className="soft">with {conditions.map(words).join(', ')}</span>}
          </li>
        ))}
      </ul>
      {notShown > 0 && <p className={styles.lock}>and {notShown} more: gatehouse who-can lists them all</p>}
    </>
  );
}
