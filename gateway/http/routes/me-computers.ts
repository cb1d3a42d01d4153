import type { Router } from 'express';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import type { DeskDeviceId } from '../../domain/site/ids.ts';
import { computersSchema, removeComputerSchema, type ComputerView } from '../contract/me-computers.ts';
import { removedSchema } from '../contract/me.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { MeDeps } from './me-deps.ts';
import { toClosedView } from './me-sessions.ts';
import { toToldPosture } from './told-posture.ts';

function toView({ id, label: name, posture, templateId }: DeskDevice, nowMs: number): ComputerView {
  return { id, name, hasFace: templateId !== null, ...toToldPosture(posture, nowMs) };
}

/** People's own computers. */
export function registerMeComputerRoutes(router: Router, deps: MeDeps): void {
  const { computers } = deps.portal;

  router.get('/me/computers', async (request, response) => {
    const { personId } = await deps.ownCallers.require(request);
    const own = await computers.list(personId);
    respond(response, computersSchema, { computers: own.map((computer) => toView(computer, deps.clock.nowMs())) });
  });

  router.post('/me/computers/:id/remove', async (request, response) => {
    const { because } = parseBody(removeComputerSchema, request);
    // Branded where it enters: here, from the path.
    const id = parseId(request) as DeskDeviceId;
    const { personId, session } = await deps.ownCallers.authorize(request, 'self.change');
    respond(response, removedSchema, { closed: toClosedView(await computers.remove({ personId, id, because, session })) });
  });
}
