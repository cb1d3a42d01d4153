import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRightToLine, DoorClosed, LogIn, LogOut, Unlock } from 'lucide-react';
import { useState } from 'react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { doorsQuery, sessionQuery } from '../../shared/api/queries.ts';
import { useLive } from '../../shared/live/live-context.tsx';
import { LogPanel } from '../../shared/log/log-panel.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { DoorChip } from '../../shared/ui/door-chip.tsx';
import { backClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Notice, Skeleton } from '../../shared/ui/states.tsx';
import { DoorAxes } from './door-axes.tsx';
import styles from './door-page.module.css';
import { ReleaseDialog } from './release-dialog.tsx';

export function DoorPage({ doorId }: { doorId: string }) {
  const doors = useQuery(doorsQuery);
  const door = doors.data?.doors.find((candidate) => candidate.id === doorId);
  if (door !== undefined) return <KnownDoor door={door} />;
  return (
    <Page title="Door" back={<BackLink />}>
      <Panel>
        {doors.isPending ? (
          <Skeleton />
        ) : doors.isError ? (
          <ErrorState error={doors.error} onRetry={() => void doors.refetch()} />
        ) : (
          <Empty icon={DoorClosed} title="There is no such door">
            <code>{doorId}</code>
          </Empty>
        )}
      </Panel>
    </Page>
  );
}

function BackLink() {
  return (
    <Link to="/console/doors" className={backClass}>
      <ArrowLeft size={14} aria-hidden /> Doors
    </Link>
  );
}

function KnownDoor({ door }: { door: DoorView }) {
  const [releasing, setReleasing] = useState(false);
  const session = useQuery(sessionQuery);
  const live = useLive();
  const mayOperate = session.data?.actions.includes('door.operate') ?? false;
  return (
    <Page
      title={door.name}
      back={<BackLink />}
      sub={
        <span className={styles.sub}>
          <DoorChip status={door.status} /> {door.siteName} · {door.fromArea ?? 'outside'}{' '}
          <ArrowRightToLine size={14} aria-label="leads into" /> {door.toArea}
        </span>
      }
      actions={
        mayOperate && (
          <Button icon={Unlock} onClick={() => setReleasing(true)}>
            Release once
          </Button>
        )
      }
    >
      {live.connection !== 'live' && live.headSeq >= 0 && (
        <Notice tone="warn" role="status">
          Not current: the live connection is down, this is the state as last heard.
        </Notice>
      )}
      <div className={styles.columns}>
        <DoorAxes door={door} />
        <Readers door={door} />
      </div>
      <LogPanel title="Recent" filter={{ resource: door.id, limit: 25 }} empty="Nothing recorded at this door yet" />
      {releasing && <ReleaseDialog door={door} onClose={() => setReleasing(false)} />}
    </Page>
  );
}

function Readers({ door }: { door: DoorView }) {
  return (
    <Panel title="Readers">
      {door.readers.length === 0 ? (
        <Empty icon={LogIn} title="This door has no reader" />
      ) : (
        <ul>
          {door.readers.map((reader) => (
            <li key={reader.id} className={styles.reader}>
              {reader.side === 'entry' ? <LogIn size={16} aria-hidden /> : <LogOut size={16} aria-hidden />}
              <span>
                <strong>{reader.name}</strong>
                <span className={styles.soft}>{reader.side === 'entry' ? 'way in' : 'way out'}</span>
              </span>
              {reader.online ? <Chip tone="ok">Online</Chip> : <Chip tone="unknown">Not answering</Chip>}
            </li>
          ))}
        </ul>
      )}
      <p className={styles.lock}>
        {door.lock === 'fail_safe'
          ? 'Fail-safe: without power the lock is open. The way out is always free.'
          : 'Fail-secure: without power the lock stays shut from outside. The way out is always free.'}
      </p>
    </Panel>
  );
}
