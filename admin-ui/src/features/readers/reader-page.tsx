import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import { Facts } from './facts.tsx';
import { HealthPanel } from './health-panel.tsx';
import { LinePanel } from './line-panel.tsx';
import { MaintenanceButtons } from './maintenance-buttons.tsx';
import { OperationsPanel } from './operations-panel.tsx';
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
  const session = useQuery(sessionQuery);
  const mayMaintain = session.data?.actions.includes('reader.maintain') ?? false;
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
      actions={mayMaintain && <MaintenanceButtons reader={reader} />}
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
      <div className={columnsClass}>
        <HealthPanel reader={reader} />
        <OperationsPanel readerId={reader.id} mayMaintain={mayMaintain} />
      </div>
      <LinePanel readerId={reader.id} />
    </Page>
  );
}
