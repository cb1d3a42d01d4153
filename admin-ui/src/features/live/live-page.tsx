import { useQuery } from '@tanstack/react-query';
import { Pause, Play, Radio } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { doorsQuery } from '../../shared/api/queries.ts';
import { useLive, useNotKnown } from '../../shared/live/live-context.tsx';
import { rowsOfTypes, toFeedRows, type FeedRow } from '../../shared/log/feed-rows.ts';
import { LogList } from '../../shared/log/log-list.tsx';
import { Button } from '../../shared/ui/button.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty, ErrorState, Skeleton } from '../../shared/ui/states.tsx';
import { DoorWall } from './door-wall.tsx';
import styles from './live-page.module.css';

const ROWS_MAX = 200;

const filters = {
  all: { label: 'All', types: null },
  decisions: { label: 'Decisions', types: ['decision', 'outcome', 'session', 'presence'] },
  doors: { label: 'Doors', types: ['door_state', 'egress', 'reader_state', 'alarm'] },
  people: {
    label: 'People',
    types: ['standing', 'revocation_receipt', 'reinstatement_requested', 'credential', 'directory_change', 'presence'],
  },
} as const;
type FilterName = keyof typeof filters;

interface LivePageProps {
  /** What another feature has to say before everything else. */
  readonly head: ReactNode;
  readonly filter: FilterName;
  readonly onFilter: (filter: FilterName) => void;
}

export function LivePage({ head, filter, onFilter }: LivePageProps) {
  const doors = useQuery(doorsQuery);
  const live = useLive();
  const notKnown = useNotKnown();
  const [startSeq] = useState(live.headSeq);
  const [held, setHeld] = useState<readonly Entry[] | null>(null);
  const shown = held ?? live.entries;
  const rows = useMemo(() => pick(shown, filter), [shown, filter]);
  const waiting = held === null ? 0 : live.headSeq - (held[0]?.seq ?? live.headSeq);
  return (
    <Page title="Live" sub="Every decision and door, as it is written to the log.">
      {head}
      <Panel title="Doors">
        {doors.data !== undefined ? <DoorWall doors={doors.data.doors} notKnown={notKnown} /> : <Pending query={doors} lines={2} />}
      </Panel>
      <Panel
        title="Log"
        aside={
          <div className={styles.tools}>
            <FilterSwitch value={filter} onChange={onFilter} />
            <Button size="small" icon={held === null ? Pause : Play} onClick={() => setHeld(held === null ? live.entries : null)}>
              {held === null ? 'Pause' : `Resume${waiting > 0 ? ` (${String(waiting)})` : ''}`}
            </Button>
          </div>
        }
      >
        <Feed rows={rows} startSeq={startSeq} filtered={filter !== 'all'} />
      </Panel>
    </Page>
  );
}

function Feed({ rows, startSeq, filtered }: { rows: readonly FeedRow[]; startSeq: number; filtered: boolean }) {
  const live = useLive();
  if (rows.length > 0) return <LogList rows={rows} label="Live log" freshAfterSeq={startSeq < 0 ? undefined : startSeq} />;
  if (live.headSeq < 0 && live.connection === 'lost') {
    return <ErrorState error={new Error('The log cannot be reached. Trying again by itself.')} />;
  }
  if (live.headSeq < 0) return <Skeleton lines={6} label="Loading the log" />;
  return (
    <Empty icon={Radio} title={filtered ? 'Nothing of this kind yet' : 'Nothing has happened yet'}>
      Badge at a reader or sign in to an app: it appears here at once.
    </Empty>
  );
}

function FilterSwitch({ value, onChange }: { value: FilterName; onChange: (filter: FilterName) => void }) {
  return (
    <div className={styles.switch} role="group" aria-label="Show">
      {(Object.keys(filters) as FilterName[]).map((name) => (
        <button key={name} type="button" aria-pressed={value === name} onClick={() => onChange(name)}>
          {filters[name].label}
        </button>
      ))}
    </div>
  );
}

function pick(entries: readonly Entry[], filter: FilterName): readonly FeedRow[] {
  const rows = toFeedRows(entries);
  const { types } = filters[filter];
  return (types === null ? rows : rowsOfTypes(rows, types)).slice(0, ROWS_MAX);
}
