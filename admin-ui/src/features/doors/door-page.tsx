import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ArrowLeft, ArrowRightToLine, DoorClosed, LogIn, LogOut, Unlock } from 'lucide-react';
import { useState } from 'react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { doorsQuery, sessionQuery } from '../../shared/api/queries.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { lastHeardText } from '../../shared/log/door-words.ts';
import { LogPanel } from '../../shared/log/log-panel.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Chip } from '../../shared/ui/chip.tsx';
import { DoorChip } from '../../shared/ui/door-chip.tsx';
import { ItemList } from '../../shared/ui/item-list.tsx';
import { backClass, columnsClass, Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Notice, Skeleton } from '../../shared/ui/states.tsx';
import { DoorAxes } from './door-axes.tsx';
import styles from './door-page.module.css';
import { ReleaseDialog } from './release-dialog.tsx';
import { WhoCanPanel } from './who-can-panel.tsx';

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
  const notKnown = useNotKnown();
  const mayOperate = session.data?.actions.includes('door.operate') ?? false;
  return (
    <Page
      title={door.name}
      back={<BackLink />}
      sub={
        <>
          <DoorChip status={door.status} notKnown={notKnown} />
          <span>
            {door.siteName} · {door.fromArea ?? 'outside'} <ArrowRightToLine size={14} className={styles.into} aria-label="leads into" />{' '}
            {door.toArea}
          </span>
        </>
      }
      actions={
        mayOperate && (
          <Button icon={Unlock} onClick={() => setReleasing(true)}>
            Release once
          </Button>
        )
      }
    >
      {notKnown !== null && (
        <Notice tone="warn" role="status">
          The live connection is down: this door is {notKnown} ({lastHeardText(door.status)}).
        </Notice>
      )}
      <div className={columnsClass}>
        <DoorAxes door={door} notKnown={notKnown} />
        <Readers door={door} heard={notKnown === null} />
      </div>
      <WhoCanPanel door={door} />
      <LogPanel title="Recent" filter={{ resource: door.id, limit: 25 }} empty="Nothing recorded at this door yet" />
      {releasing && <ReleaseDialog door={door} onClose={() => setReleasing(false)} />}
    </Page>
  );
}

function Readers({ door, heard }: { door: DoorView; heard: boolean }) {
  return (
    <Panel title="Readers">
      {door.readers.length === 0 ? (
        <Empty icon={LogIn} title="This door has no reader" />
      ) : (
        <ItemList
          items={door.readers.map(({ id, name, side, online }) => ({
            key: id,
            icon: side === 'entry' ? LogIn : LogOut,
            name,
            note: side === 'entry' ? 'way in' : 'way out',
            aside: <ReaderChip state={!heard ? 'not_known' : online ? 'online' : 'silent'} />,
          }))}
        />
      )}
      {door.requiresPin !== null && (
        <p className={styles.lock}>
          {door.requiresPin === 'always'
            ? 'On the way in a badge needs a PIN as well.'
            : `On the way in a badge needs a PIN as well in the schedule “${door.requiresPin}”.`}
        </p>
      )}
      <p className={styles.lock}>
        {door.lock === 'fail_safe'
          ? 'Fail-safe: without power the lock is open. The way out is always free.'
          : 'Fail-secure: without power the lock stays shut from outside. The way out is always free.'}
      </p>
    </Panel>
  );
}

function ReaderChip({ state }: { state: 'online' | 'silent' | 'not_known' }) {
  if (state === 'online') return <Chip tone="ok">Online</Chip>;
  return <Chip tone="unknown">{state === 'silent' ? 'Not answering' : 'Not known'}</Chip>;
}
