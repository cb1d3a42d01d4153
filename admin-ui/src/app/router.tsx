import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet } from '@tanstack/react-router';
import { DecisionPage } from '../features/decisions/decision-page.tsx';
import { DecisionsPage } from '../features/decisions/decisions-page.tsx';
import { DoorPage } from '../features/doors/door-page.tsx';
import { DoorsPage } from '../features/doors/doors-page.tsx';
import { takeEnrolmentToken } from '../features/enrol/enrolment-token.ts';
import { EnrolPage } from '../features/enrol/enrol-page.tsx';
import { LivePage } from '../features/live/live-page.tsx';
import { PeoplePage } from '../features/people/people-page.tsx';
import { PersonPage } from '../features/people/person-page.tsx';
import { InteractionPage } from '../features/sign-in/interaction-page.tsx';
import { ConsoleLayout } from './console-layout.tsx';
import { Crash } from './crash.tsx';
import { NotFound } from './not-found.tsx';
import { decisionsSearchSchema, doorsSearchSchema, liveSearchSchema, peopleSearchSchema } from './search-params.ts';
import { Welcome } from './welcome.tsx';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const start = createRoute({ getParentRoute: () => root, path: '/', component: Welcome });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin/$uid',
  component: () => <InteractionPage uid={signIn.useParams().uid} />,
});

// Taken when the program starts, before the router reads the address.
const enrolmentToken = location.pathname === '/enrol' ? takeEnrolmentToken() : '';
const enrol = createRoute({ getParentRoute: () => root, path: '/enrol', component: () => <EnrolPage token={enrolmentToken} /> });

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/demo-page.tsx'), 'DemoPage'),
});

const console_ = createRoute({ getParentRoute: () => root, path: '/console', component: ConsoleLayout });

const live = createRoute({
  getParentRoute: () => console_,
  path: '/',
  validateSearch: liveSearchSchema,
  component: () => {
    const { show = 'all' } = live.useSearch();
    const navigate = live.useNavigate();
    return (
      <LivePage filter={show} onFilter={(next) => void navigate({ search: { show: next === 'all' ? undefined : next }, replace: true })} />
    );
  },
});

const doors = createRoute({
  getParentRoute: () => console_,
  path: '/doors',
  validateSearch: doorsSearchSchema,
  component: () => {
    const { search = '' } = doors.useSearch();
    const navigate = doors.useNavigate();
    return <DoorsPage search={search} onSearch={(next) => void navigate({ search: { search: next || undefined }, replace: true })} />;
  },
});

const door = createRoute({
  getParentRoute: () => console_,
  path: '/doors/$doorId',
  component: () => <DoorPage doorId={door.useParams().doorId} />,
});

const people = createRoute({
  getParentRoute: () => console_,
  path: '/people',
  validateSearch: peopleSearchSchema,
  component: () => {
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
  },
});

const person = createRoute({
  getParentRoute: () => console_,
  path: '/people/$personId',
  component: () => {
    const { personId } = person.useParams();
    return <PersonPage key={personId} personId={personId} />;
  },
});

const decisions = createRoute({
  getParentRoute: () => console_,
  path: '/decisions',
  validateSearch: decisionsSearchSchema,
  component: () => {
    const navigate = decisions.useNavigate();
    return <DecisionsPage search={decisions.useSearch()} onSearch={(next) => void navigate({ search: next })} />;
  },
});

const decision = createRoute({
  getParentRoute: () => console_,
  path: '/decisions/$decisionId',
  component: () => <DecisionPage decisionId={decision.useParams().decisionId} />,
});

export const router = createRouter({
  routeTree: root.addChildren([start, signIn, enrol, demo, console_.addChildren([live, doors, door, people, person, decisions, decision])]),
  defaultErrorComponent: Crash,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
