import type { Router } from 'express';
import type { AskableType } from '../../app/authzen/types.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { AppId, DoorId } from '../../domain/site/ids.ts';
import { requireReader } from '../callers.ts';
import { whoCanSchema } from '../contract/who-can.ts';
import { parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/** Who can pass a door, or sign in to an app, at this moment. */
export function registerWhoCanRoutes(router: Router, deps: RouteDeps): void {
  const register = (path: string, type: AskableType, isKnown: (id: string) => boolean): void => {
    router.get(path, async (request, response) => {
      const { operator } = await requireReader(deps, request);
      const id = parseId(request);
      if (!isKnown(id)) throw new GatewayError('resource.unknown', 'This door or app is not known.');
      const answer = await deps.whoCan(operator, { type, id });
      if (answer.kind === 'refused') throw new GatewayError('request.rate_limited', 'Too many searches run at this moment. Try again.');
      const { people, considered, hasMore, tookMs, action } = answer;
      respond(response, whoCanSchema, {
        action,
        people: people.map(({ id: personId, conditions }) => ({ personId, conditions: [...conditions] })),
        considered,
        hasMore,
        tookMs,
      });
    });
  };
  // Branded where they enter, and looked up at once.
  register('/doors/:id/who-can', 'door', (id) => deps.sites.door(id as DoorId) !== undefined);
  register('/apps/:id/who-can', 'app', (id) => deps.sites.app(id as AppId) !== undefined);
}
