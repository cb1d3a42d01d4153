import { useMutation } from '@tanstack/react-query';
import { IdCard } from 'lucide-react';
import { useId, useState } from 'react';
import { demoBadgeResultSchema, type DemoView } from '#gateway/http/contract/demo.ts';
import { postJson } from '../../shared/api/client.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { BadgeOutcome } from './badge-outcome.tsx';
import styles from './demo.module.css';
import { ReaderPicker } from './reader-picker.tsx';

/** A person, a reader, a badge: what the readers of the demo site have instead of hardware. */
export function BadgePanel({ demo }: { demo: DemoView }) {
  const [personId, setPersonId] = useState(demo.people[0]?.id ?? '');
  const [readerId, setReaderId] = useState(demo.readers[0]?.id ?? '');
  const [walkThrough, setWalkThrough] = useState(true);
  const personField = useId();
  const badge = useMutation({
    mutationFn: () => postJson('/api/demo/badge', { personId, readerId, walkThrough }, demoBadgeResultSchema),
  });
  return (
    <Panel title="Simulated readers" padded>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (!badge.isPending) badge.mutate();
        }}
      >
        <div className={styles.person}>
          <label htmlFor={personField}>Person</label>
          <select id={personField} value={personId} onChange={(event) => setPersonId(event.target.value)}>
            {demo.people.map((person) => (
              <option key={person.id} value={person.id}>
                {person.displayName} ({person.badge})
              </option>
            ))}
          </select>
        </div>
        <ReaderPicker readers={demo.readers} value={readerId} onChange={setReaderId} />
        <label className={styles.walk}>
          <input type="checkbox" role="switch" checked={walkThrough} onChange={(event) => setWalkThrough(event.target.checked)} />
          <span>
            Walk through <span className={styles.soft}>the door opens and closes behind the person</span>
          </span>
        </label>
        <Button
          type="submit"
          look="primary"
          size="large"
          icon={IdCard}
          busy={badge.isPending}
          disabled={personId === '' || readerId === ''}
        >
          Badge
        </Button>
        <div aria-live="polite">
          {badge.isError && <ProblemNotice error={badge.error} />}
          {badge.isSuccess && <BadgeOutcome result={badge.data} />}
        </div>
      </form>
    </Panel>
  );
}
