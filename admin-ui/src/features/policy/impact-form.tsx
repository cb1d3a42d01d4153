import { Radar } from 'lucide-react';
import { useState } from 'react';
import { IMPACT_WINDOW_DEFAULT_MS } from '#gateway/http/contract/policy.ts';
import { Button } from '../../shared/ui/button.tsx';
import { Field } from '../../shared/ui/field.tsx';
import styles from './impact.module.css';
import type { ImpactQuestion } from './use-impact.ts';

const DAY_MS = 86_400_000;
const SPANS = [
  [String(DAY_MS), 'Last 24 hours'],
  [String(IMPACT_WINDOW_DEFAULT_MS), 'Last 7 days'],
  [String(30 * DAY_MS), 'Last 30 days'],
  ['own', 'From and until …'],
] as const;

interface ImpactFormProps {
  readonly isRunning: boolean;
  readonly onStart: (question: ImpactQuestion) => void;
}

export function ImpactForm({ isRunning, onStart }: ImpactFormProps) {
  const [span, setSpan] = useState(String(IMPACT_WINDOW_DEFAULT_MS));
  const [from, setFrom] = useState('');
  const [until, setUntil] = useState('');
  const [data, setData] = useState<ImpactQuestion['data']>('then');
  const [tried, setTried] = useState(false);
  const window = span === 'own' ? ownWindow(from, until) : { fromMs: Date.now() - Number(span), toMs: Date.now() };
  const isWrong = window === null;
  return (
    <form
      className={styles.impactForm}
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (window !== null && !isRunning) onStart({ window, data });
      }}
    >
      <Field label="Decisions of">
        {(control) => (
          <select {...control} value={span} onChange={(event) => setSpan(event.target.value)}>
            {SPANS.map(([value, label]) => (
              <option key={value} value={value}>
                {label}
              </option>
            ))}
          </select>
        )}
      </Field>
      {span === 'own' && (
        <>
          <Field label="From" error={tried && isWrong ? 'Give a beginning and a later end.' : undefined}>
            {(control) => <input {...control} type="datetime-local" value={from} onChange={(event) => setFrom(event.target.value)} />}
          </Field>
          <Field label="Until">
            {(control) => <input {...control} type="datetime-local" value={until} onChange={(event) => setUntil(event.target.value)} />}
          </Field>
        </>
      )}
      <Field label="Grants and schedules">
        {(control) => (
          <select {...control} value={data} onChange={(event) => setData(event.target.value === 'today' ? 'today' : 'then')}>
            <option value="then">as they were then</option>
            <option value="today">as they are today</option>
          </select>
        )}
      </Field>
      <Button type="submit" icon={Radar} busy={isRunning}>
        Measure the impact
      </Button>
    </form>
  );
}

function ownWindow(from: string, until: string): ImpactQuestion['window'] {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(until)];
  return Number.isNaN(fromMs) || Number.isNaN(toMs) || fromMs >= toMs ? null : { fromMs, toMs };
}
