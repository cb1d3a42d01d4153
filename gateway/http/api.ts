import express, { type Router } from 'express';
import { createErrorHandler, unknownRoute } from './middleware/errors.ts';
import { jsonBody } from './middleware/json-body.ts';
import { registerApprovalRoutes } from './routes/approvals.ts';
import { registerAppRoutes } from './routes/apps.ts';
import { registerDemoRoutes } from './routes/demo.ts';
import type { RouteDeps } from './routes/deps.ts';
import { registerDeskAgentRoutes } from './routes/desk-agent.ts';
import { registerDeskSignInRoutes } from './routes/desk-sign-in.ts';
import { registerDeskRoutes } from './routes/desk.ts';
import { registerDoorRoutes } from './routes/doors.ts';
import { registerFaceRoutes } from './routes/face.ts';
import { registerFaceTemplateRoutes } from './routes/face-templates.ts';
import { registerReaderTemplateRoutes } from './routes/reader-templates.ts';
import { registerFaceTerminalRoutes } from './routes/face-terminal.ts';
import { registerLiveCheckRoutes } from './routes/live-check.ts';
import { registerLogRoutes } from './routes/log.ts';
import { registerOidcAdminRoutes } from './routes/oidc-admin.ts';
import { registerPeopleRoutes } from './routes/people.ts';
import { registerPortalRoutes } from './routes/portal.ts';
import { registerReaderFileRoute, registerReaderOperationRoutes } from './routes/reader-operations.ts';
import { registerReaderRoutes } from './routes/readers.ts';
import { registerPolicyDataRoutes } from './routes/policy-data.ts';
import { registerPolicyRoutes } from './routes/policy.ts';
import { registerSessionRoutes } from './routes/session.ts';
import { registerEnrolmentRoutes, registerInteractionRoutes } from './routes/sign-in.ts';
import { registerPeopleImportRoute } from './routes/people-import.ts';
import { registerUpstreamRoutes } from './routes/upstream-sign-in.ts';
import { registerVpnRoutes } from './routes/vpn.ts';
import { registerWhoCanRoutes } from './routes/who-can.ts';

/** Everything below /api, for one way of authenticating: browser sessions and bearer tokens, or the host's control socket. */
export function createApi(deps: RouteDeps): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  registerReaderFileRoute(router, deps);
  registerPeopleImportRoute(router, deps, deps.importTable);
  router.use(jsonBody);
  registerSessionRoutes(router, deps);
  registerInteractionRoutes(router, deps);
  if (deps.upstream !== null) registerUpstreamRoutes(router, deps, deps.upstream);
  registerApprovalRoutes(router, deps);
  registerOidcAdminRoutes(router, deps);
  if (deps.apps !== null) {
    registerAppRoutes(router, deps, deps.apps);
    registerLiveCheckRoutes(router, deps, deps.apps);
  }
  registerEnrolmentRoutes(router, deps);
  registerPortalRoutes(router, deps);
  registerPeopleRoutes(router, deps);
  registerDoorRoutes(router, deps);
  registerWhoCanRoutes(router, deps);
  registerReaderRoutes(router, deps);
  registerReaderOperationRoutes(router, deps);
  if (deps.readerTemplateDesk !== null) registerReaderTemplateRoutes(router, deps, deps.readerTemplateDesk);
  if (deps.face !== null) {
    registerFaceRoutes(router, deps, deps.face);
    registerFaceTemplateRoutes(router, deps, deps.face);
    registerFaceTerminalRoutes(router, deps, deps.face);
  }
  if (deps.desks !== null) {
    registerDeskRoutes(router, deps, deps.desks);
    registerDeskAgentRoutes(router, deps, deps.desks);
    registerDeskSignInRoutes(router, deps, deps.desks);
  }
  registerLogRoutes(router, deps);
  registerPolicyRoutes(router, deps);
  registerPolicyDataRoutes(router, deps);
  registerVpnRoutes(router, deps);
  registerDemoRoutes(router, deps);
  router.use(unknownRoute);
  router.use(createErrorHandler(deps.log));
  return router;
}
