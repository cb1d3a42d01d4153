import { useQuery } from '@tanstack/react-query';
import { Plus, TicketMinus } from 'lucide-react';
import { useState } from 'react';
import type { PolicyDataView } from '#gateway/http/contract/policy-data.ts';
import { Button } from '../../../shared/ui/button.tsx';
import { Chip } from '../../../shared/ui/chip.tsx';
import { PersonName } from '../../../shared/ui/name.tsx';
import { Panel } from '../../../shared/ui/page.tsx';
import { Empty } from '../../../shared/ui/states.tsx';
import { Instant, useNow } from '../../../shared/ui/time.tsx';
import { libraryQuery } from '../data-queries.ts';
import { ExceptionDialog } from './exception-dialog.tsx';
import { exceptionsAt, type Exception_ } from './exceptions.ts';
import { ItemButtons } from '../item-buttons.tsx';
import { RemoveDialog } from '../item-dialog.tsx';
import { resourceName } from '../resources.ts';
import styles from '../rows.module.css';

/** They end by themselves: the page has to notice. */
const LOOK_EVERY_MS = 5_000;

export function ExceptionsPanel({ data }: { data: PolicyDataView }) {
  const nowMs = useNow(LOOK_EVERY_MS);
  const [isAdding, setAdding] = useState(false);
  const [ended, setEnded] = useState<string | null>(null);
  const exceptions = exceptionsAt(data.parts.exceptions, nowMs);
  return (
    <Panel
      title="Exceptions"
      aside={
        data.may.edit && (
          <Button size="small" icon={Plus} onClick={() => setAdding(true)}>
            New exception
          </Button>
        )
      }
    >
      {exceptions.length === 0 ? (
        <Empty icon={TicketMinus} title="No exceptions">
          An exception lifts single reasons for one person at one door or system, for 24 hours at most.
        </Empty>
      ) : (
        <ul className={styles.rows} aria-label="Exceptions">
          {exceptions.map((exception) => (
            <li key={exception.id} className={exception.state === 'over' ? styles.past : undefined}>
              <ExceptionFacts data={data} exception={exception} />
              {data.may.edit && exception.state !== 'over' && (
                <Button size="small" onClick={() => setEnded(exception.id)}>
                  {exception.state === 'to_come' ? 'Call it off' : 'End it now'}
                </Button>
              )}
              {data.may.edit && exception.state === 'over' && (
                <ItemButtons name="the past exception" onRemove={() => setEnded(exception.id)} />
              )}
            </li>
          ))}
        </ul>
      )}
      {isAdding && <ExceptionDialog data={data} onClose={() => setAdding(false)} />}
      {ended !== null && (
        <RemoveDialog title="End the exception" baseVersion={data.version} part="exceptions" id={ended} onClose={() => setEnded(null)} />
      )}
    </Panel>
  );
}

const states = {
  in_force: { tone: 'warn', label: 'In force' },
  to_come: { tone: 'info', label: 'To come' },
  over: { tone: 'unknown', label: 'Past' },
} as const;

function ExceptionFacts({ data, exception }: { data: PolicyDataView; exception: Exception_ }) {
  const library = useQuery(libraryQuery);
  const { item, state } = exception;
  const texts = new Map<string, string>(library.data?.relaxable.map(({ code, message }) => [code, message]));
  return (
    <div className={styles.facts}>
      <span className={styles.head}>
        <Chip tone={states[state].tone}>{states[state].label}</Chip>
        <PersonName id={item.personId} /> at <strong>{resourceName(data, item.resource)}</strong>
      </span>
      <span>
        {state === 'over' ? 'Lifted from ' : 'Lifts from '}
        <Instant atMs={item.fromMs} /> until <Instant atMs={item.untilMs} />:
      </span>
      <ul>
        {item.relaxes.map((code) => (
          <li key={code}>
            {texts.get(code) ?? ''} <code>{code}</code>
          </li>
        ))}
      </ul>
      <span className="soft">{item.reason}</span>
    </div>
  );
}
