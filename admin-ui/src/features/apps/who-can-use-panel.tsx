import { useMutation } from '@tanstack/react-query';
import { UserCheck, Users } from 'lucide-react';
import { whoCanSchema, type WhoCanView } from '#gateway/http/contract/who-can.ts';
import { getJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { PersonName } from '../../shared/ui/name.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState } from '../../shared/ui/states.tsx';
import { appPath } from './app-queries.ts';
import styles from './apps.module.css';

/** People that are listed; the command line lists all. */
const PEOPLE_SHOWN_MAX = 25;

/** Asked on demand only: every time is recorded, and what was true a minute ago is no answer. */
export function WhoCanUsePanel({ appId }: { appId: string }) {
  const question = useMutation({ mutationFn: () => getJson(`${appPath(appId)}/who-can`, whoCanSchema) });
  const ask = (
    <Button size="small" icon={Users} busy={question.isPending} onClick={() => question.mutate()}>
      {question.isSuccess ? 'Ask again' : 'Ask the policy'}
    </Button>
  );
  return (
    <Panel title="Who can sign in now" aside={ask}>
      {question.isError ? (
        <ErrorState error={question.error} onRetry={() => question.mutate()} />
      ) : question.data === undefined ? (
        <p className={styles.padded}>The policy is asked about everybody, by the facts of this moment. The question is recorded.</p>
      ) : (
        <Answer answer={question.data} />
      )}
    </Panel>
  );
}

function Answer({ answer: { considered, hasMore, people } }: { answer: WhoCanView }) {
  if (people.length === 0) return <Empty icon={UserCheck} title={`Nobody of ${String(considered)} people can sign in now`} />;
  const notShown = people.length - PEOPLE_SHOWN_MAX;
  return (
    <div className={styles.padded}>
      <p role="status">
        {hasMore ? 'More than ' : ''}
        {people.length} of {considered} people
      </p>
      <ul className={styles.people}>
        {people.slice(0, PEOPLE_SHOWN_MAX).map(({ personId }) => (
          <li key={personId}>
            <PersonName id={personId} />
          </li>
        ))}
      </ul>
      {notShown > 0 && <p>and {notShown} more: gatehouse who-can lists them all</p>}
    </div>
  );
}
