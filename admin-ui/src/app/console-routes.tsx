import { getRouteApi } from '@tanstack/react-router';
import { DecisionPage } from '../features/decisions/decision-page.tsx';
import { DecisionsPage } from '../features/decisions/decisions-page.tsx';
import { DoorPage } from '../features/doors/door-page.tsx';
import { DoorsPage } from '../features/doors/doors-page.tsx';
import { LivePage } from '../features/live/live-page.tsx';
import { PeoplePage } from '../features/people/people-page.tsx';
import { PersonPage } from '../features/people/person-page.tsx';
import { ThreatNow } from '../features/policy-data/threat/threat-now.tsx';
import { ReaderPage } from '../features/readers/reader-page.tsx';
import { ReadersPage } from '../features/readers/readers-page.tsx';
import { TerminalsPage } from '../features/terminals/terminals-page.tsx';

/** Joins the console's pages to their addresses. Loaded only for the console: apps' users get the sign-in page alone. */
const live = getRouteApi('/console/');
const doors = getRouteApi('/console/doors');
const door = getRouteApi('/console/doors/$doorId');
const reader = getRouteApi('/console/readers/$readerId');
const people = getRouteApi('/console/people');
const person = getRouteApi('/console/people/$personId');
const decisions = getRouteApi('/console/decisions');
const decision = getRouteApi('/console/decisions/$decisionId');

export function LiveRoute() {
  const { show = 'all' } = live.useSearch();
  const navigate = live.useNavigate();
  return (
    <LivePage
      head={<ThreatNow />}
      filter={show}
      onFilter={(next) => void navigate({ search: { show: next === 'all' ? undefined : next }, replace: true })}
    />
  );
}

export function DoorsRoute() {
  const { search = '' } = doors.useSearch();
  const navigate = doors.useNavigate();
  return <DoorsPage search={search} onSearch={(next) => void navigate({ search: { search: next || undefined }, replace: true })} />;
}

export function DoorRoute() {
  const { doorId } = door.useParams();
  return <DoorPage key={doorId} doorId={doorId} />;
}

export function ReadersRoute() {
  return <ReadersPage />;
}

export function ReaderRoute() {
  const { readerId } = reader.useParams();
  return <ReaderPage key={readerId} readerId={readerId} />;
}

export function TerminalsRoute() {
  return <TerminalsPage />;
}

export function PeopleRoute() {
  const { search = '', standing = '' } = people.useSearch();
  const navigate = people.useNavigate();
  return (
    <PeoplePage
      search={search}
      standing={standing}
      onChange={(next) =>
        void navigate({ search: { search: next.search || undefined, standing: next.standing || undefined }, replace: true })
      }
    />
  );
}

export function PersonRoute() {
  const { personId } = person.useParams();
  return <PersonPage key={personId} personId={personId} />;
}

export function DecisionsRoute() {
  const navigate = decisions.useNavigate();
  return <DecisionsPage search={decisions.useSearch()} onSearch={(next) => void navigate({ search: next })} />;
}

export function DecisionRoute() {
  return <DecisionPage decisionId={decision.useParams().decisionId} />;
}
