import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router';
import { root } from './root-route.ts';
import {
  compareSearchSchema,
  decisionsSearchSchema,
  doorsSearchSchema,
  editorSearchSchema,
  liveSearchSchema,
  peopleSearchSchema,
  policyDataSearchSchema,
} from './search-params.ts';

const consoleRoutes = () => import('./console-routes.tsx');
const policyRoutes = () => import('./policy-routes.tsx');
const appRoutes = () => import('./app-routes.tsx');
const policyDataRoutes = () => import('./policy-data-routes.tsx');

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

export const consoleTree = console_.addChildren([
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
]);
