import type { Request, Router } from 'express';
import type { Desks } from '../../app/desk/desks.ts';
import type { DeskDevice } from '../../domain/desk/desk-device.ts';
import { GatewayError } from '../../domain/errors.ts';
import { OIDC_PATH } from '../../oidc/types.ts';
import { emptySchema } from '../contract/common.ts';
import {
  deskAttestedSchema,
  deskEnrolBodySchema,
  deskEnrolledSchema,
  deskFaceBegunSchema,
  deskFaceBodySchema,
  deskJwsBodySchema,
  deskPostureTakenSchema,
  deskRevocationAnswerSchema,
  deskStandingSchema,
} from '../contract/desk.ts';
import { bearerOf } from '../middleware/bearer.ts';
import { parseBody } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/** What a computer signs: the address as it stands in the contract, whatever proxy stands in between. */
const pathOf = (name: string): string => `/api/desk/${name}`;

/** For desk agents alone: what they send is signed by the computer's key. No session and no cookie opens any of it. */
export function registerDeskAgentRoutes(router: Router, { publicUrl, rateLimits }: RouteDeps, { agents, looks }: Desks): void {
  const requireDesk = async (request: Request, name: string): Promise<DeskDevice> => {
    await rateLimits.count('terminal', request);
    const device = await agents.identify(bearerOf(request), pathOf(name));
    if (device === null) throw new GatewayError('request.unauthenticated', 'This computer is not known, or is revoked.');
    return device;
  };

  router.post('/desk/enrol', async (request, response) => {
    const body = parseBody(deskEnrolBodySchema, request);
    const device = await rateLimits.countFailure('failedEnrolment', request, () =>
      agents.enrol({ ...body, proof: bearerOf(request), path: pathOf('enrol') }),
    );
    const { id: deviceId, label, personId } = device;
    respond(response, deskEnrolledSchema, { deviceId, personId, label, issuer: `${publicUrl}${OIDC_PATH}` }, 201);
  });

  router.post('/desk/standing', async (request, response) => {
    const { label, posture, templateId } = await requireDesk(request, 'standing');
    parseBody(emptySchema, request);
    respond(response, deskStandingSchema, { label, hasFace: templateId !== null, seenAtMs: posture?.observedAtMs ?? null });
  });

  router.post('/desk/revocation', async (request, response) => {
    await rateLimits.count('terminal', request);
    const revoked = await agents.findRevocation(bearerOf(request), pathOf('revocation'));
    if (revoked === null) throw new GatewayError('request.unauthenticated', 'No revoked computer calls.');
    parseBody(emptySchema, request);
    respond(response, deskRevocationAnswerSchema, revoked);
  });

  router.post('/desk/attest', async (request, response) => {
    await rateLimits.count('terminal', request);
    respond(response, deskAttestedSchema, { refusal: await looks.attest(parseBody(deskJwsBodySchema, request).jws) });
  });

  router.post('/desk/posture', async (request, response) => {
    const device = await requireDesk(request, 'posture');
    respond(response, deskPostureTakenSchema, { fault: await agents.takePosture(device, parseBody(deskJwsBodySchema, request).jws) });
  });

  router.post('/desk/face', async (request, response) => {
    const device = await requireDesk(request, 'face');
    respond(response, deskFaceBegunSchema, { orderId: await agents.beginFace(device, parseBody(deskFaceBodySchema, request).packHash) });
  });

  router.post('/desk/face/report', async (request, response) => {
    const device = await requireDesk(request, 'face/report');
    const isTaken = await agents.reportFace(device, parseBody(deskJwsBodySchema, request).jws);
    if (!isTaken) throw new GatewayError('request.conflict', 'This computer has no such order.');
    respond(response, emptySchema, {});
  });
}
