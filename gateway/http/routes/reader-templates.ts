import type { Router } from 'express';
import { z } from 'zod';
import type { ReaderTemplates } from '../../app/face/reader-templates.ts';
import type { PersonId, ReaderId } from '../../domain/site/ids.ts';
import { reasonBodySchema } from '../contract/common.ts';
import {
  enrolledAtReaderSchema,
  readerScanBodySchema,
  readerScannedSchema,
  readerTemplatesDeletedSchema,
  readerTemplatesSchema,
} from '../contract/reader-templates.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const PAGE_LIMIT_MAX = 200;
const pageSchema = z.strictObject({
  after: z.string().min(1).max(128).optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
});

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

  router.get('/face/readers/:id/templates', async (request, response) => {
    await requireReader(deps, request);
    const { after = null, limit } = parseQuery(pageSchema, request);
    const rows = await desk.ofReader(parseId(request) as ReaderId, { after: after as PersonId | null, limit: limit + 1 });
    const people = rows
      .slice(0, limit)
      .map(({ enrolledAtMs, expiresAtMs, personId, personName }) => ({ personId, personName, enrolledAtMs, expiresAtMs }));
    respond(response, enrolledAtReaderSchema, { people, next: rows.length > limit ? (people.at(-1)?.personId ?? null) : null });
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
