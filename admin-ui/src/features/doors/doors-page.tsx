import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { DoorClosed, Search } from 'lucide-react';
import type { DoorView } from '#gateway/http/contract/admin.ts';
import { doorsQuery } from '../../shared/api/queries.ts';
import { useNotKnown } from '../../shared/live/live-context.tsx';
import { describeDoor, lastHeardText } from '../../shared/log/door-words.ts';
import { DoorChip } from '../../shared/ui/door-chip.tsx';
import { SearchField } from '../../shared/ui/field.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { Ago } from '../../shared/ui/time.tsx';

export function DoorsPage({ search, onSearch }: { search: string; onSearch: (search: string) => void }) {
  const doors = useQuery(doorsQuery);
  const found = doors.data?.doors.filter((door) => matches(door, search)) ?? [];
  return (
    <Page
      title="Doors"
      sub="What the readers report. A state that is not known is shown as unknown."
      actions={
        <SearchField
          icon={<Search size={15} aria-hidden />}
          placeholder="Door, site or area"
          aria-label="Search doors"
          value={search}
          onSearch={onSearch}
        />
      }
    >
      <Panel>
        {doors.data === undefined ? (
          <Pending query={doors} />
        ) : found.length === 0 ? (
          <Empty icon={DoorClosed} title={search === '' ? 'No doors are configured' : 'No door matches'} />
        ) : (
          <DoorTable doors={found} />
        )}
      </Panel>
    </Page>
  );
}

function DoorTable({ doors }: { doors: readonly DoorView[] }) {
  const notKnown = useNotKnown();
  return (
    <table className={table.table}>
      <TableHead columns={['Door', 'State']} wide={['Leads into', 'Readers', 'Since']} />
      <tbody>
        {doors.map((door) => (
          <DoorRow key={door.id} door={door} notKnown={notKnown} />
        ))}
      </tbody>
    </table>
  );
}

function DoorRow({ door, notKnown }: { door: DoorView; notKnown: string | null }) {
  const online = door.readers.filter((reader) => reader.online).length;
  return (
    <tr>
      <td>
        <Link to="/console/doors/$doorId" params={{ doorId: door.id }} className={table.rowLink}>
          {door.name}
        </Link>
        <div className={table.small}>{door.siteName}</div>
      </td>
      <td>
        <DoorChip status={door.status} notKnown={notKnown} />
        <div className={table.small}>{notKnown === null ? describeDoor(door.status).detail : lastHeardText(door.status)}</div>
      </td>
      <td className={table.wide}>
        {door.toArea}
        <div className={table.small}>from {door.fromArea ?? 'outside'}</div>
      </td>
      <td className={table.wide}>{notKnown === null ? `${String(online)} of ${String(door.readers.length)} online` : 'not known'}</td>
      <td className={`${table.wide} ${table.soft}`}>
        {notKnown !== null ? 'not known' : door.statusSinceMs === null ? 'never heard' : <Ago atMs={door.statusSinceMs} />}
      </td>
    </tr>
  );
}

function matches(door: DoorView, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [door.name, door.siteName, door.toArea, door.fromArea ?? ''].some((text) => text.toLowerCase().includes(wanted));
}
