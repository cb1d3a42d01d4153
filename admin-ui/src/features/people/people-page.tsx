import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Search, Upload, Users } from 'lucide-react';
import { useEffect } from 'react';
import type { PersonView } from '#gateway/http/contract/admin.ts';
import { sessionQuery } from '../../shared/api/queries.ts';
import { buttonClass } from '../../shared/ui/button.tsx';
import { SearchField } from '../../shared/ui/field.tsx';
import { LoadMore } from '../../shared/ui/load-more.tsx';
import { Pending } from '../../shared/ui/loaded.tsx';
import { Page, Panel } from '../../shared/ui/page.tsx';
import { StandingChip } from '../../shared/ui/standing-chip.tsx';
import { Empty } from '../../shared/ui/states.tsx';
import table from '../../shared/ui/table.module.css';
import { TableHead } from '../../shared/ui/table-head.tsx';
import { PEOPLE_PAGES_MAX, peopleQuery } from './people-query.ts';
import { PresenceText } from './presence-text.tsx';
import styles from './person-page.module.css';
import { StaffedBadgesPanel } from './staffed-badges-panel.tsx';

type Standing = PersonView['standing'] | '';

interface PeoplePageProps {
  readonly search: string;
  readonly standing: Standing;
  readonly onChange: (next: { search: string; standing: Standing }) => void;
}

export function PeoplePage({ search, standing, onChange }: PeoplePageProps) {
  const people = useInfiniteQuery(peopleQuery);
  const actions = useQuery(sessionQuery).data?.actions ?? [];
  const loaded = people.data?.pages.flatMap((page) => page.people) ?? [];
  const found = loaded.filter((person) => matches(person, search) && (standing === '' || person.standing === standing));
  const narrowed = search !== '' || standing !== '';
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = people;
  const pages = people.data?.pages.length ?? 0;
  // The list has no search of its own: while something is looked for, the rest of it is loaded page by page.
  useEffect(() => {
    if (narrowed && hasNextPage && !isFetchingNextPage && pages < PEOPLE_PAGES_MAX) void fetchNextPage();
  }, [narrowed, hasNextPage, isFetchingNextPage, pages, fetchNextPage]);
  return (
    <Page
      title="People"
      sub="One standing each, for doors and systems together."
      actions={
        <>
          <Filters search={search} standing={standing} onChange={onChange} />
          {actions.includes('person.import') && (
            <Link to="/console/people-import" className={buttonClass('quiet')}>
              <Upload size={15} aria-hidden /> Import
            </Link>
          )}
        </>
      }
    >
      {actions.includes('person.recover') && <StaffedBadgesPanel mayEnrol={actions.includes('person.enrol')} />}
      <Panel>
        {people.data === undefined ? (
          <Pending query={people} />
        ) : found.length === 0 && !isFetchingNextPage ? (
          <Empty icon={Users} title={narrowed ? 'Nobody matches' : 'Nobody is registered yet'} />
        ) : (
          <PeopleTable people={found} />
        )}
        {hasNextPage && <LoadMore label="Load more" busy={isFetchingNextPage} onClick={() => void fetchNextPage()} />}
      </Panel>
    </Page>
  );
}

function Filters({ search, standing, onChange }: PeoplePageProps) {
  return (
    <>
      <select
        className={styles.select}
        aria-label="Standing"
        value={standing}
        onChange={(event) => onChange({ search, standing: event.target.value as Standing })}
      >
        <option value="">Any standing</option>
        <option value="active">Active</option>
        <option value="restricted">Restricted</option>
        <option value="suspended">Suspended</option>
        <option value="departed">Departed</option>
      </select>
      <SearchField
        icon={<Search size={15} aria-hidden />}
        placeholder="Name, e-mail or group"
        aria-label="Search people"
        value={search}
        onSearch={(text) => onChange({ search: text, standing })}
      />
    </>
  );
}

function PeopleTable({ people }: { people: readonly PersonView[] }) {
  return (
    <table className={table.table}>
      <TableHead columns={['Person', 'Standing']} wide={['Presence', 'Groups']} />
      <tbody>
        {people.map((person) => (
          <tr key={person.id}>
            <td>
              <Link to="/console/people/$personId" params={{ personId: person.id }} className={table.rowLink}>
                {person.displayName}
              </Link>
              <div className={table.small}>{person.email ?? person.id}</div>
            </td>
            <td>
              <StandingChip standing={person.standing} />
            </td>
            <td className={table.wide}>
              <PresenceText presence={person.presence} />
            </td>
            <td className={`${table.wide} ${table.soft}`}>{person.groups.join(', ')}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function matches(person: PersonView, search: string): boolean {
  const wanted = search.trim().toLowerCase();
  return [person.displayName, person.email ?? '', person.id, ...person.groups].some((text) => text.toLowerCase().includes(wanted));
}
