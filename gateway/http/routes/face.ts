import type { Request, Router } from 'express';
import { z } from 'zod';
import type { FaceGate } from '../../app/face/face-gate.ts';
import type { Deny } from '../../domain/access/decision.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { FaceDeviceId, PersonId, ReaderId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { emptySchema, reasonBodySchema } from '../contract/common.ts';
import {
  faceOfferBodySchema,
  faceOfferSchema,
  faceOrderBodySchema,
  faceOrderedSchema,
  facePackBodySchema,
  faceReceiptSchema,
  faceTemplatesSchema,
  faceTerminalsSchema,
} from '../contract/face.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const PAGE_LIMIT_MAX = 200;
const pageSchema = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,15}:[A-Za-z0-9_-]{1,128}$/)
    .transform((text) => {
      const [at = '', id = ''] = text.split(':');
      return { enrolledAtMs: Number(at), id };
    })
    .optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
});

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

  router.get('/face/templates', async (request, response) => {
    await requireReader(deps, request);
    const { before, limit } = parseQuery(pageSchema, request);
    const rows = await gate.templates(before ?? null, limit + 1);
    const templates = rows.slice(0, limit).map(({ receipt, ...template }) => ({ ...template, hasReceipt: receipt !== null }));
    const last = rows.length > limit ? templates.at(-1) : undefined;
    respond(response, faceTemplatesSchema, { templates, next: last === undefined ? null : `${String(last.enrolledAtMs)}:${last.id}` });
  });

  router.get('/face/templates/:id/receipt', async (request, response) => {
    await requireReader(deps, request);
    const receipt = await gate.receipt(parseId(request));
    if (receipt === null) throw new GatewayError('resource.unknown', 'No terminal has said that this template is gone.');
    respond(response, faceReceiptSchema, receipt);
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
    const { orderId } = permitted(await gate.order({ operator, reason }, order));
    respond(response, faceOrderedSchema, { orderId }, 202);
  });
}
