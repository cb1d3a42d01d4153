import { IdCard } from 'lucide-react';
import { useId, useState } from 'react';
import type { DemoView } from '#gateway/http/contract/demo.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Panel } from '../../shared/ui/page.tsx';
import { ProblemNotice } from '../../shared/ui/states.tsx';
import { HandOutcome } from './hand-outcome.tsx';
import { Keypad } from './keypad.tsx';
import styles from './badge-panel.module.css';
import { ReaderPicker } from './reader-picker.tsx';
import { useSiteHands } from './use-site-hands.ts';

/** A person, a reader, a badge: what the readers of the demo site have instead of hardware. */
export function BadgePanel({ demo }: { demo: DemoView }) {
  const [personId, setPersonId] = useState(demo.startPersonId ?? demo.people[0]?.id ?? '');
  const [readerId, setReaderId] = useState(demo.readers[0]?.id ?? '');
  const [walkThrough, setWalkThrough] = useState(true);
  const hands = useSiteHands(demo);
  const reader = demo.readers.find(({ id }) => id === readerId);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (!hands.isPending) hands.mutate({ kind: 'badge', personId, readerId, walkThrough });
      }}
    >
      <div className={styles.choices}>
        <Panel title="Simulated readers" padded>
          <div className="stack">
            <PersonField people={demo.people} value={personId} onChange={setPersonId} />
            <WalkSwitch isOn={walkThrough} onChange={setWalkThrough} />
            <ReaderPicker
              readers={demo.readers}
              exitDoorIds={demo.exitDoorIds}
              value={readerId}
              onChange={setReaderId}
              onExit={(doorId) => !hands.isPending && hands.mutate({ kind: 'exit', doorId, walkThrough })}
            />
          </div>
        </Panel>
      </div>
      <div className={styles.answer}>
        <Button
          type="submit"
          look="primary"
          size="large"
          width="wide"
          icon={IdCard}
          busy={hands.isPending}
          disabled={personId === '' || readerId === ''}
        >
          Badge
        </Button>
        <div aria-live="polite">
          {hands.isError && <ProblemNotice error={hands.error} />}
          {hands.isSuccess && <HandOutcome answer={hands.data} />}
          {hands.isIdle && <p className={styles.hint}>What the reader answers is shown here.</p>}
        </div>
        {reader?.hasKeypad === true && (
          <Keypad
            key={`${readerId} ${personId}`}
            readerName={reader.name}
            person={demo.people.find(({ id }) => id === personId)}
            busy={hands.isPending}
            onEnter={(keys) => hands.mutate({ kind: 'keys', personId, readerId, walkThrough, keys })}
          />
        )}
      </div>
    </form>
  );
}

function WalkSwitch({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label className={styles.walk}>
      <input type="checkbox" role="switch" checked={isOn} onChange={(event) => onChange(event.target.checked)} />
      <span>
        Walk through <span className={styles.soft}>the door opens and closes behind the person</span>
      </span>
    </label>
  );
}

interface PersonFieldProps {
  readonly people: DemoView['people'];
  readonly value: string;
  readonly onChange: (personId: string) => void;
}

function PersonField({ people, value, onChange }: PersonFieldProps) {
  const field = useId();
  return (
    <div className={styles.person}>
      <label htmlFor={field}>Person</label>
      <select id={field} value={value} onChange={(event) => onChange(event.target.value)}>
        {people.map((person) => (
          <option key={person.id} value={person.id}>
            {person.displayName} ({person.badge})
          </option>
        ))}
      </select>
    </div>
  );
}
