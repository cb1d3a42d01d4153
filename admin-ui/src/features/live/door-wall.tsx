import { Link } from '@tanstack/react-router';
import { DoorClosed } from 'lucide-react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { describeDoor } from '../../shared/log/door-words.ts';
import { doorIcons } from '../../shared/ui/door-chip.tsx';
import { Empty, Notice } from '../../shared/ui/states.tsx';
import { Ago } from '../../shared/ui/time.tsx';
import styles from './door-wall.module.css';

interface DoorWallProps {
  readonly doors: readonly DoorView[];
  /** True while the live connection is down: the wall says so instead of looking current. */
  readonly stale: boolean;
  readonly seenAtMs: number;
}

export function DoorWall({ doors, stale, seenAtMs }: DoorWallProps) {
  if (doors.length === 0) return <Empty icon={DoorClosed} title="No doors are configured" />;
  const sites = Map.groupBy(doors, (door) => door.siteName);
  return (
    <div className={styles.wall} data-stale={stale || undefined}>
      {stale && (
        <Notice tone="warn" role="status">
          Not current: these are the states as last heard
          {seenAtMs > 0 && (
            <>
              {' '}
              (<Ago atMs={seenAtMs} />)
            </>
          )}
          .
        </Notice>
      )}
      {[...sites].map(([site, siteDoors]) => (
        <div key={site} className={styles.site}>
          <h3 className={styles.siteName}>{site}</h3>
          <ul className={styles.tiles}>
            {siteDoors.map((door) => (
              <Tile key={door.id} door={door} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Tile({ door }: { door: DoorView }) {
  const { tone, icon, label, detail } = describeDoor(door.status);
  const Icon = doorIcons[icon];
  return (
    <li>
      <Link to="/console/doors/$doorId" params={{ doorId: door.id }} className={`${styles.tile} ${styles[tone]}`}>
        <span className={styles.name}>{door.name}</span>
        <span className={styles.state}>
          <Icon size={15} aria-hidden />
          {label}
        </span>
        <span className={styles.detail}>{detail}</span>
      </Link>
    </li>
  );
}
