import type { Request, Router } from 'express';
import type { FaceGate } from '../../app/face/face-gate.ts';
import type { Deny } from '../../domain/access/decision.ts';
import type { FaceDeviceId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import {
  faceOfferBodySchema,
  faceOfferSchema,
  faceOrderBodySchema,
  faceOrderedSchema,
  facePackBodySchema,
  faceTerminalsSchema,
} from '../contract/face.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

// Branded where it enters: here, from the path.
const deviceIdOf = (request: Request): FaceDeviceId => parseId(request) as FaceDeviceId;

function permitted<Done extends { readonly ok: true }>(outcome: Done | { readonly ok: false; readonly deny: Deny }): Done {
  if (!outcome.ok) throw new DeniedRequest(outcome.deny);
  return outcome;
}

/** What operators do to face terminals. Whoever may see the readers sees them. */
export function registerFaceRoutes(router: Router, deps: RouteDeps, gate: FaceGate): void {
  const operatorOf = async (request: Request) => {
    await deps.rateLimits.count('maintenance', request);
    return (await requireCaller(deps.authenticate, request)).operator;
  };

  router.get('/face/terminals', async (request, response) => {
    await requireReader(deps, request);
    const terminals = (await gate.list()).map(({ outcomes, ...terminal }) => ({ ...terminal, outcomes: [...outcomes] }));
    respond(response, faceTerminalsSchema, { terminals });
  });

  router.post('/face/terminals/offers', async (request, response) => {
    const operator = await operatorOf(request);
    const { readerId, label, reason } = parseBody(faceOfferBodySchema, request);
    const { code, expiresAtMs } = permitted(await gate.offer({ operator, reason }, { readerId: readerId as ReaderId, label }));
    respond(response, faceOfferSchema, { code, expiresAtMs }, 201);
  });

  router.post('/face/terminals/:id/revoke', async (request, response) => {
    const operator = await operatorOf(request);
    const { reason } = parseBody(reasonBodySchema, request);
    permitted(await gate.revoke({ operator, reason }, deviceIdOf(request)));
    respond(response, emptySchema, {});
  });

  router.post('/face/terminals/:id/pack', async (request, response) => {
    const operator = await operatorOf(request);
    const { packHash, reason } = parseBody(facePackBodySchema, request);
    permitted(await gate.allowPack({ operator, reason }, deviceIdOf(request), packHash));
    respond(response, emptySchema, {});
  });

  router.post('/face/terminals/:id/orders', async (request, response) => {
    const operator = await operatorOf(request);
    const { kind, personId, reason, storage = 'terminal' } = parseBody(faceOrderBodySchema, request);
    const order = { kind, deviceId: deviceIdOf(request), personId: personId as PersonId, storage };
    const { orderId } = permitted(await gate.orders.order({ operator, reason }, order));
    respond(response, faceOrderedSchema, { orderId }, 202);
  });
}
