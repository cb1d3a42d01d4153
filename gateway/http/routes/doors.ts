import type { Router } from 'express';
import type { DoorRow } from '../../app/reports/doors.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { DoorId } from '../../domain/site/ids.ts';
import type { ReleaseResult } from '../../ports/door-node.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { doorsSchema, releaseResultSchema, type DoorView } from '../contract/admin.ts';
import { reasonBodySchema } from '../contract/common.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

function toView({ door, siteName, fromArea, toArea, state, readers }: DoorRow): DoorView {
  return {
    id: door.id,
    name: door.name,
    siteName,
    fromArea,
    toArea,
    lock: door.lock,
    requiresPin: door.requiresPin,
    status: state.status,
    statusSinceMs: state.sinceMs,
    readers: readers.map(({ id, name, side, online }) => ({ id, name, side, online })),
  };
}

const details: Readonly<Record<Extract<ReleaseResult, { ok: false }>['code'], string>> = {
  'door.unknown': 'The door is not known to its controller.',
  'door.reader_offline': 'The reader that drives the lock does not answer.',
  'door.refused': 'The reader refused the command.',
  'door.node_lost': 'The door controller does not answer.',
};

export function registerDoorRoutes(router: Router, deps: RouteDeps): void {
  router.get('/doors', async (request, response) => {
    await requireReader(deps, request);
    respond(response, doorsSchema, { doors: deps.doorsReport().map(toView) });
  });

  router.post('/doors/:id/release', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    // Branded where it enters, and looked up at once.
    const door = deps.sites.door(parseId(request) as DoorId);
    if (door === undefined) throw new GatewayError('resource.unknown', 'This door is not known.');
    const released = await deps.releaseDoor({ doorId: door.id, operator, reason });
    if (!released.ok) throw new DeniedRequest(released.deny);
    const { decisionId, result } = released;
    const detail = result.ok ? 'Released for its release time.' : details[result.code];
    respond(response, releaseResultSchema, { decisionId, released: result.ok, detail });
  });
}
