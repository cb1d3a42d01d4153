import { Link } from '@tanstack/react-router';
import { DoorClosed } from 'lucide-react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { describeDoor, lastHeardText, type DoorWords } from '../../shared/log/door-words.ts';
import { doorIcons } from '../../shared/ui/door-chip.tsx';
import { Empty, Notice } from '../../shared/ui/states.tsx';
import styles from './door-wall.module.css';

interface DoorWallProps {
  readonly doors: readonly DoorView[];
  /** What to say instead of every state while the live connection is down. */
  readonly notKnown: string | null;
}

export function DoorWall({ doors, notKnown }: DoorWallProps) {
  if (doors.length === 0) return <Empty icon={DoorClosed} title="No doors are configured" />;
  const sites = Map.groupBy(doors, (door) => door.siteName);
  return (
    <div className={styles.wall}>
      {notKnown !== null && (
        <Notice tone="warn" role="status">
          The live connection is down: the doors are {notKnown}.
        </Notice>
      )}
      {[...sites].map(([site, siteDoors]) => (
        <div key={site} className={styles.site}>
          <h3 className={styles.siteName}>{site}</h3>
          <ul className={styles.tiles}>
            {siteDoors.map((door) => (
              <Tile key={door.id} door={door} heard={notKnown === null} />
            ))}
          </ul>
        </div>
      ))}
    </div>
  );
}

function Tile({ door, heard }: { door: DoorView; heard: boolean }) {
  const { tone, icon, label, detail } = heard ? describeDoor(door.status) : unheard(door.status);
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

function unheard(status: DoorView['status']): DoorWords {
  return { tone: 'unknown', icon: 'unknown', label: 'Not known', detail: lastHeardText(status) };
}
