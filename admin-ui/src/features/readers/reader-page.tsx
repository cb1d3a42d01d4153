import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { ReaderView } from '#gateway/http/contract/readers.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Notice } from '../../shared/ui/states.tsx';
import { ComparedPanel } from './compared-panel.tsx';
import { CountersPanel } from './counters-panel.tsx';
import { DevicePanel, TrafficPanel } from './device-panel.tsx';
import { HealthPanel } from './health-panel.tsx';
import { LinePanel } from './line-panel.tsx';
import { MaintenanceButtons } from './maintenance-buttons.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { readerQuery } from './reader-queries.ts';
import styles from './maintenance.module.css';
import { describeReader, nextStep } from './reader-words.ts';

export function ReaderPage({ readerId }: { readerId: string }) {
  const answer = useQuery(readerQuery(readerId));
  if (answer.data !== undefined) return <KnownReader reader={answer.data.reader} isStale={answer.isError} />;
  return (
    <Page title="Reader" back={<BackLink />}>
      <Panel>
        <Pending query={answer} />
      </Panel>
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
  const step = nextStep(reader);
  const session = useQuery(sessionQuery);
  const mayMaintain = session.data?.actions.includes('reader.maintain') ?? false;
  const mayEnrol = session.data?.actions.includes('person.enrol') ?? false;
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
      {step !== null && live === null && (
        <Notice tone={tone}>
          <p>{step}</p>
        </Notice>
      )}
      <div className={columnsClass}>
        <div className={styles.column}>
          <DevicePanel reader={reader} state={detail} />
          <HealthPanel reader={reader} />
        </div>
        <div className={styles.column}>
          <TrafficPanel reader={reader} />
          <OperationsPanel readerId={reader.id} mayMaintain={mayMaintain} />
        </div>
      </div>
      {reader.biometrics !== null && <ComparedPanel reader={reader} compared={reader.biometrics} mayEnrol={mayEnrol} />}
      <CountersPanel reader={reader} />
      <LinePanel readerId={reader.id} />
    </Page>
  );
}
