import type { Request, Router } from 'express';
import type { Desks } from '../../app/desk/desks.ts';
import type { Deny } from '../../domain/access/decision.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import type { DeskDeviceId, PersonId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import {
  deskFaceOrderedSchema,
  deskOfferBodySchema,
  deskOfferedSchema,
  deskReasonBodySchema,
  deskRevokedSchema,
  desksQuerySchema,
  desksSchema,
  type DeskView,
} from '../contract/desk.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { toClosedView } from './me-sessions.ts';
import { toToldPosture } from './told-posture.ts';

// Branded where it enters: here, from the path.
const deskIdOf = (request: Request): DeskDeviceId => parseId(request) as DeskDeviceId;

function permitted<Done extends { readonly ok: true }>(outcome: Done | { readonly ok: false; readonly deny: Deny }): Done {
  if (!outcome.ok) throw new DeniedRequest(outcome.deny);
  return outcome;
}

function toView({ posture, publicKey: _key, templateId, ...device }: DeskDevice, nowMs: number): DeskView {
  return { ...device, hasFace: templateId !== null, ...toToldPosture(posture, nowMs) };
}

/** What operators do to people's computers. Whoever may see the people sees them. */
export function registerDeskRoutes(router: Router, deps: RouteDeps, { gate }: Desks): void {
  const operatorOf = async (request: Request) => {
    await deps.rateLimits.count('maintenance', request);
    return (await requireCaller(deps.authenticate, request)).operator;
  };

  router.get('/desks', async (request, response) => {
    await requireReader(deps, request);
    const { personId } = parseQuery(desksQuerySchema, request);
    const desks = (await gate.list()).filter((desk) => personId === undefined || desk.personId === personId);
    respond(response, desksSchema, { desks: desks.map((desk) => toView(desk, deps.clock.nowMs())) });
  });

  router.post('/people/:id/desks', async (request, response) => {
    const operator = await operatorOf(request);
    const { label, reason } = parseBody(deskOfferBodySchema, request);
    const personId = parseId(request) as PersonId;
    const { code, expiresAtMs } = permitted(await gate.offer({ operator, reason }, { personId, label }));
    respond(response, deskOfferedSchema, { code, expiresAtMs }, 201);
  });

  router.post('/desks/:id/revoke', async (request, response) => {
    const operator = await operatorOf(request);
    const { closed } = permitted(await gate.revoke({ operator, ...parseBody(deskReasonBodySchema, request) }, deskIdOf(request)));
    respond(response, deskRevokedSchema, { closed: toClosedView(closed) });
  });

  router.post('/desks/:id/face', async (request, response) => {
    const operator = await operatorOf(request);
    const { expiresAtMs } = permitted(await gate.orderFace({ operator, ...parseBody(deskReasonBodySchema, request) }, deskIdOf(request)));
    respond(response, deskFaceOrderedSchema, { expiresAtMs }, 201);
  });
}
