import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { recentLogQuery } from '../api/queries.ts';
import { Notice, ProblemNotice } from '../ui/states.tsx';
import { useNow } from '../ui/time.tsx';
import type { FaceStorage } from './consent-words.ts';
import { outcomeIn } from './enrolment-outcome.ts';
import styles from './faces.module.css';

/** As long as the gateway keeps an order that nobody carries out. */
const ORDER_LIFE_MS = 600_000;
const LOOK_AGAIN_MS = 3_000;

interface EnrolmentProgressProps {
  readonly personId: string;
  readonly who: string;
  readonly storage: FaceStorage;
  readonly terminal: { readonly label: string; readonly isListening: boolean };
  /** The newest entry before the order. */
  readonly afterSeq: number;
}

/** From the order until the terminal has said what came of it. */
export function EnrolmentProgress({ afterSeq, personId, storage, terminal, who }: EnrolmentProgressProps) {
  const [beganAtMs] = useState(() => Date.now());
  const nowMs = useNow(1_000);
  const log = useQuery({ ...recentLogQuery({ types: ['credential'], person: personId, limit: 10 }), refetchInterval: LOOK_AGAIN_MS });
  const outcome = outcomeIn(log.data?.entries ?? [], afterSeq);
  const leftMs = beganAtMs + ORDER_LIFE_MS - nowMs;
  if (outcome === 'done') {
    const place = storage === 'carried' ? `${who} carries it. The terminal kept nothing.` : `${terminal.label} knows it.`;
    return <Told tone="ok" title="Enrolled." text={place} />;
  }
  if (outcome === 'refused')
    return <Told tone="info" title={`${who} did not agree.`} text="Nothing was looked at and nothing is kept. Their other ways in stay." />;
  if (outcome === 'failed') return <Told tone="warn" title="It did not work." text={`Nothing is kept. ${whyFailed[storage]}`} />;
  if (leftMs <= 0)
    return (
      <Told tone="warn" title="Nobody came." text="The order has ended, and nothing is kept. Order it again when the person is there." />
    );
  return (
    <div className={styles.step} role="status">
      <p>
        {terminal.isListening
          ? `${terminal.label} asks ${who} now. They can agree or not there.`
          : `${terminal.label} is silent. It asks ${who} when it is back.`}
      </p>
      <progress className={styles.bar} aria-label="Time that the order has left" max={ORDER_LIFE_MS} value={leftMs} />
      <p className="soft">The order ends in {leftText(leftMs)}. Closing this does not stop it.</p>
      {log.isError && <ProblemNotice error={log.error} />}
    </div>
  );
}

const whyFailed: Readonly<Record<FaceStorage, string>> = {
  carried: 'No good picture came, or the card or phone did not take it.',
  terminal: 'No good picture came, or the terminal could not keep it.',
};

/** By the minute, so that whoever listens to the page is not told every second. */
const leftText = (leftMs: number): string => (leftMs > 60_000 ? `${String(Math.ceil(leftMs / 60_000))} minutes` : 'less than a minute');

function Told({ text, title, tone }: { readonly tone: 'ok' | 'info' | 'warn'; readonly title: string; readonly text: string }) {
  return (
    <Notice tone={tone} role="status">
      <p>
        <strong>{title}</strong> {text}
      </p>
    </Notice>
  );
}
