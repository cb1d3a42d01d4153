import type { Router } from 'express';
import type { RouteDeps } from './deps.ts';
import { registerMeAccessRoutes } from './me-access.ts';
import { registerMeComputerRoutes } from './me-computers.ts';
import { registerMeLogRoutes } from './me-log.ts';
import { registerMePasskeyRoutes } from './me-passkeys.ts';
import { registerMeSessionRoutes } from './me-sessions.ts';
import { registerMeRoutes } from './me.ts';
import { registerRecoveryRoutes } from './recovery.ts';

/** People's own side, and the desk that gives one of them a way back in. */
export function registerPortalRoutes(router: Router, deps: RouteDeps): void {
  registerMeRoutes(router, deps);
  registerMePasskeyRoutes(router, deps);
  registerMeSessionRoutes(router, deps);
  registerMeComputerRoutes(router, deps);
  registerMeAccessRoutes(router, deps);
  registerMeLogRoutes(router, deps);
  registerRecoveryRoutes(router, deps);
}
