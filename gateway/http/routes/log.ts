import type { Request, Router } from 'express';
import { z } from 'zod';
import { explainReason } from '../../domain/access/reason-text.ts';
import { GatewayError } from '../../domain/errors.ts';
import { requireReader } from '../callers.ts';
import { decisionDetailSchema, directorySchema, LOG_LIMIT_MAX, logPageSchema, statusSchema } from '../contract/admin.ts';
import { toEntry } from '../event-feed.ts';
import { InvalidRequest } from '../middleware/request-error.ts';
import { parseId, parseQuery } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const LIMIT_DEFAULT = 100;

const recordTypes = [
  'decision',
  'outcome',
  'door_state',
  'egress',
  'reader_state',
  'alarm',
  'presence',
  'standing',
  'revocation_receipt',
  'session',
  'credential',
  'directory_change',
  'reinstatement_requested',
  'policy_revision',
  'access_search',
  'system',
] as const;

const querySchema = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(LOG_LIMIT_MAX).default(LIMIT_DEFAULT),
  types: z
    .string()
    .max(300)
    .transform((list) => list.split(','))
    .pipe(z.array(z.enum(recordTypes)).min(1).max(recordTypes.length))
    .optional(),
  person: z.string().min(1).max(128).optional(),
  resource: z.string().min(1).max(128).optional(),
});

/** SSE sends it back by itself; only a whole number of ours means anything. */
function lastEventIdOf(request: Request): number | null {
  const header = request.headers['last-event-id'];
  if (header === undefined || header === '') return null;
  if (typeof header !== 'string' || !/^\d{1,15}$/.test(header)) {
    throw new InvalidRequest('Last-Event-ID: not a sequence number of the log', 'last-event-id');
  }
  return Number(header);
}

function registerEvents(router: Router, deps: RouteDeps): void {
  router.get('/events', async (request, response) => {
    const caller = await requireReader(deps, request);
    await deps.eventFeed.open(response, {
      afterSeq: lastEventIdOf(request),
      personId: caller.operator.id,
      // What forbids the next request ends the stream, and so does a failure to ask.
      isAllowed: () =>
        requireReader(deps, request).then(
          () => true,
          () => false,
        ),
    });
  });
}

export function registerLogRoutes(router: Router, deps: RouteDeps): void {
  registerEvents(router, deps);

  router.get('/log', async (request, response) => {
    await requireReader(deps, request);
    const { before, limit, types, person, resource } = parseQuery(querySchema, request);
    const entries = await deps.auditReader.read({
      from: { beforeSeq: before ?? Number.MAX_SAFE_INTEGER },
      limit,
      ...(types === undefined ? {} : { types }),
      ...(person === undefined ? {} : { personId: person }),
      ...(resource === undefined ? {} : { resourceId: resource }),
    });
    const next = entries.length < limit ? null : (entries.at(-1)?.seq ?? null);
    respond(response, logPageSchema, { entries: entries.map(toEntry), next });
  });

  router.get('/decisions/:id', async (request, response) => {
    await requireReader(deps, request);
    const entries = await deps.auditReader.ofDecision(parseId(request));
    if (entries.length === 0) throw new GatewayError('resource.unknown', 'This decision is not in the log.');
    const reasons = entries.flatMap(({ record }) => (record.type === 'decision' ? record.reasons.map(explainReason) : []));
    respond(response, decisionDetailSchema, { entries: entries.map(toEntry), reasons });
  });

  router.get('/directory', async (request, response) => {
    await requireReader(deps, request);
    respond(response, directorySchema, await deps.directoryReport());
  });

  router.get('/status', async (request, response) => {
    await requireReader(deps, request);
    const [epoch, headSeq] = await Promise.all([deps.people.epoch(), deps.auditReader.headSeq()]);
    const { revision: policyRevision, dataRevision } = deps.policy;
    const { state: doorNode, epoch: doorNodeEpoch } = deps.doorNode.status();
    respond(response, statusSchema, {
      policyRevision,
      dataRevision,
      epoch,
      headSeq,
      doorNode,
      doorNodeEpoch,
      startedAtMs: deps.startedAtMs,
    });
  });
}
