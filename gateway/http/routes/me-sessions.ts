import type { Router } from 'express';
import type { Closed } from '../../app/self/closed.ts';
import { GatewayError } from '../../domain/errors.ts';
import { emptySchema } from '../contract/common.ts';
import { closedSchema, mySessionsSchema, type ClosedView } from '../contract/me.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { MeDeps } from './me-deps.ts';

/** Why a session ended, in the log. */
const CAUSE = 'closed_by_person';

export const toClosedView = (closed: Closed): ClosedView => ({ ...closed, residual: [...closed.residual] });

/** Where people are signed in, and the ends of it. */
export function registerMeSessionRoutes(router: Router, deps: MeDeps): void {
  const { sessions } = deps.portal;

  router.get('/me/sessions', async (request, response) => {
    const { personId, session: current } = await deps.ownCallers.require(request);
    const all = await sessions.list(personId);
    respond(response, mySessionsSchema, {
      sessions: all.map(({ apps, ...one }) => ({ ...one, apps: [...apps], current: one.id === current.id })),
    });
  });

  // Before the route with an id, which would take it for one.
  router.post('/me/sessions/close-others', async (request, response) => {
    parseBody(emptySchema, request);
    const { personId, session } = await deps.ownCallers.authorize(request, 'self.close');
    respond(response, closedSchema, toClosedView(await sessions.closeOthers(personId, session.id, CAUSE)));
  });

  router.post('/me/sessions/:id/close', async (request, response) => {
    parseBody(emptySchema, request);
    const id = parseId(request);
    const { personId, session } = await deps.ownCallers.authorize(request, 'self.close');
    if (id === session.id) throw new GatewayError('request.conflict', 'This is the session of this page: sign out instead.');
    const closed = await sessions.close(personId, id, CAUSE);
    if (closed === null) throw new GatewayError('resource.unknown', 'You have no such session, or it has ended.');
    respond(response, closedSchema, toClosedView(closed));
  });
}
