import type { Router } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { recoveryBadgesSchema, recoveryBodySchema, recoveryOfferSchema } from '../contract/recovery.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { toClosedView } from './me-sessions.ts';

/** At the console: the way back in of somebody without a passkey. */
export function registerRecoveryRoutes(router: Router, deps: RouteDeps): void {
  const { recovery } = deps.portal;

  router.get('/recovery/badges', async (request, response) => {
    const { actions, operator } = await requireReader(deps, request);
    // Who badges at reception is for those who sit there.
    if (!actions.has('person.recover')) throw new GatewayError('request.forbidden', 'Your role does not allow this.');
    await deps.rateLimits.countPerson('ownLog', operator.id);
    const badges = await recovery.badges();
    respond(response, recoveryBadgesSchema, {
      badges: badges.map(({ personId, displayName, reader, site, atMs, untilMs, passkeys }) => ({
        personId,
        displayName,
        reader,
        site,
        atMs,
        untilMs,
        passkeys,
      })),
    });
  });

  router.post('/people/:id/recovery', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    const { evidence, oldPasskeys, reason } = parseBody(recoveryBodySchema, request);
    const personId = parseId(request) as PersonId; // Branded where it enters, and looked up at once.
    await deps.rateLimits.countPerson('recovery', operator.id);
    const outcome = await recovery.offer({ personId, operator, evidence, oldPasskeys, reason });
    if (!outcome.ok) throw new DeniedRequest(outcome.deny);
    const { decisionId, offer, passkeysRevoked, closed } = outcome;
    const { code, url, expiresAtMs } = offer;
    const view = { decisionId, code, url, expiresAtMs, passkeysRevoked, closed: closed === null ? null : toClosedView(closed) };
    respond(response, recoveryOfferSchema, view, 201);
  });
}
