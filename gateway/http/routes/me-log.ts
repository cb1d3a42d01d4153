import type { Router } from 'express';
import { z } from 'zod';
import type { OwnDecision, OwnLogEntry } from '../../app/self/own-entry.ts';
import { MY_LOG_LIMIT_MAX, myLogSchema, myOverviewSchema, type MyLogEntry } from '../contract/me.ts';
import { parseQuery } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { MeDeps } from './me-deps.ts';

const LIMIT_DEFAULT = 50;
const pageSchema = z.strictObject({
  before: z.coerce.number().int().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(MY_LOG_LIMIT_MAX).default(LIMIT_DEFAULT),
});

const toView = (entry: OwnLogEntry): MyLogEntry => (entry.kind === 'decision' ? toDecisionView(entry) : entry);

function toDecisionView(entry: OwnDecision) {
  const reasons = entry.reasons.map(({ code, params }) => ({ code, params: { ...params } }));
  return { ...entry, reasons, conditions: [...entry.conditions] };
}

/** What happened to people of late: theirs, and nobody else's. */
export function registerMeLogRoutes(router: Router, deps: MeDeps): void {
  router.get('/me/log', async (request, response) => {
    const { personId } = await deps.ownCallers.require(request);
    const { before = null, limit } = parseQuery(pageSchema, request);
    await deps.rateLimits.countPerson('ownLog', personId);
    const { entries, next } = await deps.portal.readLog({ personId, before, limit });
    respond(response, myLogSchema, { entries: entries.map(toView), next });
  });

  router.get('/me/overview', async (request, response) => {
    const { person, personId } = await deps.ownCallers.require(request);
    await deps.rateLimits.countPerson('ownLog', personId);
    const { denials, lastBadge } = await deps.portal.readOverview(personId);
    const entry = lastBadge.entry === null ? null : toDecisionView(lastBadge.entry);
    // Whoever is signed in is one of the two.
    const standing = person.standing === 'restricted' ? 'restricted' : 'active';
    respond(response, myOverviewSchema, { standing, denials, lastBadge: { ...lastBadge, entry } });
  });
}
