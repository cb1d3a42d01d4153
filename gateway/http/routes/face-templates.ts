import type { Router } from 'express';
import { z } from 'zod';
import type { FaceGate } from '../../app/face/face-gate.ts';
import type { TemplateView } from '../../app/face/face-views.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { reasonBodySchema } from '../contract/common.ts';
import { faceEndedSchema, faceReceiptSchema, facesOfPersonSchema, faceTemplatesSchema, type FaceTemplateRow } from '../contract/face.ts';
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

const toRow = ({ receipt, ...template }: TemplateView): FaceTemplateRow => ({ ...template, hasReceipt: receipt !== null });

/** The book of who is, or was, enrolled where. Whoever may see the readers sees it; nothing of a face is in it. */
export function registerFaceTemplateRoutes(router: Router, deps: RouteDeps, gate: FaceGate): void {
  router.get('/face/templates', async (request, response) => {
    await requireReader(deps, request);
    const { before, limit } = parseQuery(pageSchema, request);
    const rows = await gate.templates(before ?? null, limit + 1);
    const templates = rows.slice(0, limit).map(toRow);
    const last = rows.length > limit ? templates.at(-1) : undefined;
    respond(response, faceTemplatesSchema, { templates, next: last === undefined ? null : `${String(last.enrolledAtMs)}:${last.id}` });
  });

  router.get('/face/people/:id/templates', async (request, response) => {
    await requireReader(deps, request);
    const templates = await gate.templatesOf(parseId(request) as PersonId); // Branded where it enters: here, from the path.
    respond(response, facesOfPersonSchema, { templates: templates.map(toRow) });
  });

  router.get('/face/templates/:id/receipt', async (request, response) => {
    await requireReader(deps, request);
    const receipt = await gate.receipt(parseId(request));
    if (receipt === null) throw new GatewayError('resource.unknown', 'Nobody has signed that this template is gone.');
    respond(response, faceReceiptSchema, receipt);
  });

  router.post('/face/templates/:id/end', async (request, response) => {
    await deps.rateLimits.count('maintenance', request);
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const id = parseId(request);
    const outcome = await gate.orders.end({ operator, reason }, id);
    if (!outcome.ok) throw new DeniedRequest(outcome.deny);
    const template = await gate.template(id);
    if (template === null) throw new GatewayError('resource.unknown', 'This template is not known.');
    respond(response, faceEndedSchema, { template: toRow(template) });
  });
}
