import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { explainReaderAlarm } from '#gateway/http/contract/reader-alarms.ts';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { LinePanel } from './line-panel.tsx';
import styles from './line-panel.module.css';
import { readerQuery } from './reader-queries.ts';
import { describeReader, identityText, retryText } from './reader-words.ts';

export function ReaderPage({ readerId }: { readerId: string }) {
  const answer = useQuery(readerQuery(readerId));
  if (answer.data !== undefined) return <KnownReader reader={answer.data.reader} isStale={answer.isError} />;
  return (
    <Page title="Reader" back={<BackLink />}>
      <Panel>{answer.isError ? <ErrorState error={answer.error} onRetry={() => void answer.refetch()} /> : <Skeleton />}</Panel>
    </Page>
  );
}

function BackLink() {
  return (
    <Link to="/console/readers" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Readers
    </Link>
  );
}

function KnownReader({ reader, isStale }: { reader: ReaderView; isStale: boolean }) {
  const live = useNotKnown();
  const { tone, label, detail } = describeReader(reader, live ?? (isStale ? 'not known' : null));
  const { traffic } = reader;
  return (
    <Page
      title={reader.name}
      back={<BackLink />}
      sub={
        <>
          <Chip tone={tone}>{label}</Chip>
          <span>
            {reader.side === 'entry' ? 'way in' : 'way out'} of{' '}
            <Link to="/console/doors/$doorId" params={{ doorId: reader.doorId }}>
              {reader.doorName}
            </Link>
          </span>
        </>
      }
    >
      <div className={columnsClass}>
        <Panel title="Device">
          <Facts
            facts={[
              ['State', detail],
              ['Since', reader.sinceMs === null ? 'never heard' : <Ago key="since" atMs={reader.sinceMs} />],
              ['Line', `${reader.busId}, address ${String(reader.address)}`],
              ['Says it is', identityText(reader)],
              ['Serial number', reader.identity?.serial ?? 'not heard yet'],
              ...Object.entries(reader.alarms).map(
                ([code, times]) => [`Alarm: ${explainReaderAlarm(code).label}`, `${String(times)} times`] as const,
              ),
            ]}
          />
        </Panel>
        <Panel title="Traffic" aside={<span className="soft">since the door controller started</span>}>
          <Facts
            facts={[
              ['Polls', String(traffic.polls)],
              ['Commands', String(traffic.exchanges - traffic.polls)],
              ['Sent again', retryText(reader)],
              ['Not answered', String(traffic.timeouts)],
              ['Wrong checks', String(traffic.badChecks)],
              ['Went offline', `${String(traffic.offline)} times`],
              ['Round trip', `${traffic.roundTripP50Ms.toFixed(1)} ms median, ${traffic.roundTripP99Ms.toFixed(1)} ms of 99 %`],
            ]}
          />
        </Panel>
      </div>
      <LinePanel readerId={reader.id} />
    </Page>
  );
}

function Facts({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
