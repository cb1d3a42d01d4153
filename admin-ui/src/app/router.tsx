import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { beginAnewWithNextLink, takeEnrolmentToken } from '../features/enrol/enrolment-token.ts';
import { Crash } from './crash.tsx';
import { NotFound } from './not-found.tsx';
import {
  compareSearchSchema,
  decisionsSearchSchema,
  doorsSearchSchema,
  editorSearchSchema,
  liveSearchSchema,
  myAccessSearchSchema,
  peopleSearchSchema,
  policyDataSearchSchema,
} from './search-params.ts';

const peopleRoutes = () => import('./people-routes.tsx');
const portalRoutes = () => import('./portal-routes.tsx');
const vpnRoutes = () => import('./vpn-routes.tsx');
const consoleRoutes = () => import('./console-routes.tsx');
const policyRoutes = () => import('./policy-routes.tsx');
const appRoutes = () => import('./app-routes.tsx');
const policyDataRoutes = () => import('./policy-data-routes.tsx');

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

/** What everybody sees, in their own language. */
const peoplesPages = createRoute({
  getParentRoute: () => root,
  id: 'people',
  component: lazyRouteComponent(() => import('./people-layout.tsx'), 'PeopleLayout'),
});

const start = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/',
  component: lazyRouteComponent(() => import('./welcome.tsx'), 'Welcome'),
});

const signIn = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/signin/$uid',
  component: lazyRouteComponent(peopleRoutes, 'SignInRoute'),
});

// Taken when the program starts, before the router reads the address.
const enrolmentToken = location.pathname === '/enrol' ? takeEnrolmentToken() : '';
beginAnewWithNextLink();
const enrol = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/enrol',
  context: () => ({ enrolmentToken }),
  component: lazyRouteComponent(peopleRoutes, 'EnrolRoute'),
});

const demo = createRoute({
  getParentRoute: () => root,
  path: '/demo',
  component: lazyRouteComponent(() => import('../features/demo/demo-page.tsx'), 'DemoPage'),
});

const recover = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/recover',
  component: lazyRouteComponent(peopleRoutes, 'RecoverRoute'),
});

const me = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/me',
  component: lazyRouteComponent(portalRoutes, 'PortalRoute'),
});

const myOverview = createRoute({ getParentRoute: () => me, path: '/', component: lazyRouteComponent(portalRoutes, 'OverviewRoute') });
const myPasskeys = createRoute({
  getParentRoute: () => me,
  path: '/passkeys',
  component: lazyRouteComponent(portalRoutes, 'PasskeysRoute'),
});
const mySessions = createRoute({
  getParentRoute: () => me,
  path: '/sessions',
  component: lazyRouteComponent(portalRoutes, 'SessionsRoute'),
});
const myAccess = createRoute({
  getParentRoute: () => me,
  path: '/access',
  validateSearch: myAccessSearchSchema,
  component: lazyRouteComponent(portalRoutes, 'AccessRoute'),
});
const myLog = createRoute({ getParentRoute: () => me, path: '/log', component: lazyRouteComponent(portalRoutes, 'LogRoute') });
const myRecovery = createRoute({
  getParentRoute: () => me,
  path: '/recovery',
  component: lazyRouteComponent(portalRoutes, 'RecoveryRoute'),
});

const vpn = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/vpn',
  component: lazyRouteComponent(vpnRoutes, 'VpnRoute'),
});

const vpnApprove = createRoute({
  getParentRoute: () => peoplesPages,
  path: '/vpn/approve/$id',
  component: lazyRouteComponent(vpnRoutes, 'VpnApproveRoute'),
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

const terminals = createRoute({
  getParentRoute: () => console_,
  path: '/terminals',
  component: lazyRouteComponent(consoleRoutes, 'TerminalsRoute'),
});

const people = createRoute({
  getParentRoute: () => console_,
  path: '/people',
  validateSearch: peopleSearchSchema,
  component: lazyRouteComponent(consoleRoutes, 'PeopleRoute'),
});

const peopleImport = createRoute({
  getParentRoute: () => console_,
  path: '/people-import',
  component: lazyRouteComponent(() => import('../features/people-import/people-import-page.tsx'), 'PeopleImportPage'),
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

const apps = createRoute({
  getParentRoute: () => console_,
  path: '/apps',
  component: lazyRouteComponent(appRoutes, 'AppsRoute'),
});

const addApp = createRoute({
  getParentRoute: () => console_,
  path: '/add-app',
  component: lazyRouteComponent(appRoutes, 'AddAppRoute'),
});

const app = createRoute({
  getParentRoute: () => console_,
  path: '/apps/$appId',
  component: lazyRouteComponent(appRoutes, 'AppRoute'),
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
    peoplesPages.addChildren([
      start,
      signIn,
      enrol,
      recover,
      vpn,
      vpnApprove,
      me.addChildren([myOverview, myPasskeys, mySessions, myAccess, myLog, myRecovery]),
    ]),
    demo,
    console_.addChildren([
      live,
      doors,
      door,
      readers,
      terminals,
      reader,
      people,
      person,
      peopleImport,
      decisions,
      decision,
      apps,
      addApp,
      app,
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
