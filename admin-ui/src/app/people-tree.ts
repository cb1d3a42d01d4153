import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { beginAnewWithNextLink, takeEnrolmentToken } from '../features/enrol/enrolment-token.ts';
import { beginAnewWithNextFaceCode, takeArrivedFaceCode } from '../features/portal/arrived-face-code.ts';
import { root } from './root-route.ts';
import { myAccessSearchSchema } from './search-params.ts';

const peopleRoutes = () => import('./people-routes.tsx');
const portalRoutes = () => import('./portal-routes.tsx');
const vpnRoutes = () => import('./vpn-routes.tsx');

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

// Taken as early as an enrolment's token, for the same reason.
const arrivedFaceCode = location.pathname === '/me/face' ? takeArrivedFaceCode() : '';
beginAnewWithNextFaceCode();
const myFace = createRoute({
  getParentRoute: () => me,
  path: '/face',
  context: () => ({ arrivedFaceCode }),
  component: lazyRouteComponent(portalRoutes, 'FaceRoute'),
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

export const peoplesTree = peoplesPages.addChildren([
  start,
  signIn,
  enrol,
  recover,
  vpn,
  vpnApprove,
  me.addChildren([myOverview, myPasskeys, mySessions, myAccess, myLog, myRecovery, myFace]),
]);
