import type { Router } from 'express';
import type { ReaderTemplates } from '../../app/face/reader-templates.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import { reasonBodySchema } from '../contract/common.ts';
import {
  readerScanBodySchema,
  readerScannedSchema,
  readerTemplatesDeletedSchema,
  readerTemplatesSchema,
} from '../contract/reader-templates.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

/** Templates for readers that compare fingers or faces themselves. */
export function registerReaderTemplateRoutes(router: Router, deps: RouteDeps, desk: ReaderTemplates): void {
  router.post('/face/readers/:id/templates', async (request, response) => {
    await deps.rateLimits.count('maintenance', request);
    const { operator } = await requireCaller(deps.authenticate, request);
    const { personId, reason } = parseBody(readerScanBodySchema, request);
    // Branded where they enter: here.
    const at = { readerId: parseId(request) as ReaderId, personId: personId as PersonId };
    const outcome = await desk.enrol({ operator, reason }, at);
    if (!outcome.ok) throw new DeniedRequest(outcome.deny);
    const { enrolment } = outcome;
    respond(response, readerScannedSchema, { result: enrolment.ok ? 'done' : enrolment.code });
  });

  router.get('/face/people/:id/reader-templates', async (request, response) => {
    await requireReader(deps, request);
    const kept = await desk.ofPerson(parseId(request) as PersonId);
    const templates = kept.map(({ enrolledAtMs, expiresAtMs, format, type }) => ({ type, format, enrolledAtMs, expiresAtMs }));
    respond(response, readerTemplatesSchema, { templates });
  });

  router.post('/face/people/:id/reader-templates/delete', async (request, response) => {
    await deps.rateLimits.count('maintenance', request);
    const { operator } = await requireCaller(deps.authenticate, request);
    const { reason } = parseBody(reasonBodySchema, request);
    const outcome = await desk.forget({ operator, reason }, parseId(request) as PersonId);
    if (!outcome.ok) throw new DeniedRequest(outcome.deny);
    respond(response, readerTemplatesDeletedSchema, { removed: outcome.removed });
  });
}
