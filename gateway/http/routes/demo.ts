import type { Request, Router } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import type { DoorId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import type { DemoSite } from '../../ports/demo-site.ts';
import { emptySchema } from '../contract/common.ts';
import {
  demoBadgeResultSchema,
  demoBadgeSchema,
  demoExitResultSchema,
  demoKeysSchema,
  demoExitSchema,
  demoNetworkSchema,
  demoSchema,
} from '../contract/demo.ts';
import { parseBody } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/** Without sign-in: the demo site has nothing to protect. Outside demo mode these addresses do not exist. */
export function registerDemoRoutes(router: Router, deps: RouteDeps): void {
  const open = async (request: Request): Promise<DemoSite> => {
    if (deps.demo === null) throw new GatewayError('resource.unknown', 'This gateway is not in demo mode.');
    await deps.rateLimits.count('demo', request);
    return deps.demo;
  };

  router.get('/demo', async (request, response) => {
    const { people, readers, exitDoorIds, apps, ...rest } = await (await open(request)).view();
    respond(response, demoSchema, { ...rest, people: [...people], readers: [...readers], exitDoorIds: [...exitDoorIds], apps: [...apps] });
  });

  router.post('/demo/badge', async (request, response) => {
    const demo = await open(request);
    const { personId, readerId, walkThrough } = parseBody(demoBadgeSchema, request);
    // Branded where they enter; the demo site looks them up.
    const outcome = await demo.badge({ personId: personId as PersonId, readerId: readerId as ReaderId, walkThrough });
    respond(response, demoBadgeResultSchema, { ...outcome, reasons: [...outcome.reasons] });
  });

  router.post('/demo/keys', async (request, response) => {
    const demo = await open(request);
    const { personId, readerId, ...rest } = parseBody(demoKeysSchema, request);
    const outcome = await demo.pressKeys({ ...rest, personId: personId as PersonId, readerId: readerId as ReaderId });
    respond(response, demoBadgeResultSchema, { ...outcome, reasons: [...outcome.reasons] });
  });

  router.post('/demo/exit', async (request, response) => {
    const demo = await open(request);
    const { doorId, walkThrough } = parseBody(demoExitSchema, request);
    respond(response, demoExitResultSchema, await demo.pressExit({ doorId: doorId as DoorId, walkThrough }));
  });

  router.post('/demo/network', async (request, response) => {
    const demo = await open(request);
    await demo.setNetworkZone(parseBody(demoNetworkSchema, request).zone);
    respond(response, emptySchema, {});
  });
}
