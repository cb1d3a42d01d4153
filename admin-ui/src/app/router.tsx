import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { beginAnewWithNextLink, takeEnrolmentToken } from '../features/enrol/enrolment-token.ts';
import { EnrolPage } from '../features/enrol/enrol-page.tsx';
import { InteractionPage } from '../features/sign-in/interaction-page.tsx';
import { Crash } from './crash.tsx';
import { NotFound } from './not-found.tsx';
import {
  compareSearchSchema,
  decisionsSearchSchema,
  doorsSearchSchema,
  editorSearchSchema,
  liveSearchSchema,
  peopleSearchSchema,
  policyDataSearchSchema,
} from './search-params.ts';
import { Welcome } from './welcome.tsx';

const consoleRoutes = () => import('./console-routes.tsx');
const policyRoutes = () => import('./policy-routes.tsx');
const policyDataRoutes = () => import('./policy-data-routes.tsx');

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });
const start = createRoute({ getParentRoute: () => root, path: '/', component: Welcome });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/signin/$uid',
  component: () => <InteractionPage uid={signIn.useParams().uid} />,
});

// Taken when the program starts, before the router reads the address.
const enrolmentToken = location.pathname === '/enrol' ? takeEnrolmentToken() : '';
beginAnewWithNextLink();
const enrol = createRoute({ getParentRoute: () => root, path: '/enrol', component: () => <EnrolPage token={enrolmentToken} /> });

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/demo-page.tsx'), 'DemoPage'),
});

const vpn = createRoute({
  getParentRoute: () => root,
  path: '/vpn',
  component: lazyRouteComponent(() => import('../features/vpn/vpn-page.tsx'), 'VpnPage'),
});

const vpnApprove = createRoute({
  getParentRoute: () => root,
  path: '/vpn/approve/$id',
  component: lazyRouteComponent(() => import('./vpn-approve-route.tsx'), 'VpnApproveRoute'),
});

const console_ = createRoute({
  getParentRoute: () => root,
  path: '/console',
  component: lazyRouteComponent(() => import('./console-layout.tsx'), 'ConsoleLayout'),
});

const live = createRoute({
  getParentRoute: () => console_,
  path: '/',
  validateSearch: liveSearchSchema,
  component: lazyRouteComponent(consoleRoutes, 'LiveRoute'),
});

const doors = createRoute({
  getParentRoute: () => console_,
  path: '/doors',
  validateSearch: doorsSearchSchema,
  component: lazyRouteComponent(consoleRoutes, 'DoorsRoute'),
});

const door = createRoute({
  getParentRoute: () => console_,
  path: '/doors/$doorId',
  component: lazyRouteComponent(consoleRoutes, 'DoorRoute'),
});

const readers = createRoute({
  getParentRoute: () => console_,
  path: '/readers',
  component: lazyRouteComponent(consoleRoutes, 'ReadersRoute'),
});

const reader = createRoute({
  getParentRoute: () => console_,
  path: '/readers/$readerId',
  component: lazyRouteComponent(consoleRoutes, 'ReaderRoute'),
});

const people = createRoute({
  getParentRoute: () => console_,
  path: '/people',
  validateSearch: peopleSearchSchema,
  component: lazyRouteComponent(consoleRoutes, 'PeopleRoute'),
});

const person = createRoute({
  getParentRoute: () => console_,
  path: '/people/$personId',
  component: lazyRouteComponent(consoleRoutes, 'PersonRoute'),
});

const decisions = createRoute({
  getParentRoute: () => console_,
  path: '/decisions',
  validateSearch: decisionsSearchSchema,
  component: lazyRouteComponent(consoleRoutes, 'DecisionsRoute'),
});

const decision = createRoute({
  getParentRoute: () => console_,
  path: '/decisions/$decisionId',
  component: lazyRouteComponent(consoleRoutes, 'DecisionRoute'),
});

const policy = createRoute({
  getParentRoute: () => console_,
  path: '/policy',
  component: lazyRouteComponent(policyRoutes, 'PolicyRoute'),
});

const policyStart = createRoute({
  getParentRoute: () => policy,
  path: '/',
  beforeLoad: () => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the router takes a thrown redirect as its answer
    throw redirect({ to: '/console/policy/revisions', replace: true });
  },
});

const revisions = createRoute({
  getParentRoute: () => policy,
  path: '/revisions',
  component: lazyRouteComponent(policyRoutes, 'RevisionsRoute'),
});

const revision = createRoute({
  getParentRoute: () => policy,
  path: '/revisions/$revisionId',
  component: lazyRouteComponent(policyRoutes, 'RevisionRoute'),
});

const editor = createRoute({
  getParentRoute: () => policy,
  path: '/revisions/$revisionId/edit',
  validateSearch: editorSearchSchema,
  component: lazyRouteComponent(() => import('./editor-route.tsx'), 'EditorRoute'),
});

const compare = createRoute({
  getParentRoute: () => policy,
  path: '/compare',
  validateSearch: compareSearchSchema,
  component: lazyRouteComponent(policyRoutes, 'CompareRoute'),
});

const policyData = createRoute({
  getParentRoute: () => policy,
  path: '/data',
  validateSearch: policyDataSearchSchema,
  component: lazyRouteComponent(policyDataRoutes, 'PolicyDataRoute'),
});

const policyLibrary = createRoute({
  getParentRoute: () => policy,
  path: '/library',
  component: lazyRouteComponent(policyDataRoutes, 'PolicyLibraryRoute'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    start,
    signIn,
    enrol,
    demo,
    vpn,
    vpnApprove,
    console_.addChildren([
      live,
      doors,
      door,
      readers,
      reader,
      people,
      person,
      decisions,
      decision,
      policy.addChildren([policyStart, revisions, revision, editor, compare, policyData, policyLibrary]),
    ]),
  ]),
  defaultErrorComponent: Crash,
  scrollRestoration: false,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
