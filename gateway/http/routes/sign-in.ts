import type { Request, Response, Router } from 'express';
import { explainReasonAt } from '../../domain/access/reason-text.ts';
import type { BadgePlace } from '../../domain/access/reason-texts/reason-texts.ts';
import { DEFAULT_OPERATOR_ROLES } from '../../domain/access/policy-data.ts';
import type { SiteMap } from '../../domain/site/site-map.ts';
import type { Exchange } from '../../oidc/sign-in/interactions.ts';
import { emptySchema } from '../contract/common.ts';
import {
  assertionOptionsSchema,
  ceremonyResponseSchema,
  continueSchema,
  enrolledSchema,
  enrolmentOptionsSchema,
  enrolmentRequestSchema,
  interactionSchema,
} from '../contract/sign-in.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

function exchangeOf(request: Request, response: Response): Exchange {
  return { request, response, uid: parseId(request, 'uid') };
}

/** A challenge belongs to one sign-in: an assertion made for another cannot be used in it. */
const flowOf = (uid: string): string => `interaction:${uid}`;

/** Where the app's users have to badge; null when it asks for no presence. */
function badgePlace(sites: SiteMap, clientId: string): BadgePlace | null {
  const areaId = sites.appOfClient(clientId)?.requiresAreaId ?? null;
  const area = areaId === null ? undefined : sites.area(areaId);
  const site = area === undefined ? undefined : sites.site(area.siteId);
  return area === undefined || site === undefined ? null : { areaName: area.name, siteName: site.name };
}

/** The sign-in page at an app's login: passkey, step-up, and what to do about a denial. */
export function registerInteractionRoutes(router: Router, deps: RouteDeps): void {
  const { authentication, interactions } = deps;

  router.get('/interaction/:uid', async (request, response) => {
    const exchange = exchangeOf(request, response);
    const { clientId, appName, appUrl, language, prompt, denied } = await interactions.state(exchange);
    const outside = await deps.upstream?.offers(exchange);
    const place = badgePlace(deps.sites, clientId);
    const why =
      denied === null
        ? null
        : { decisionId: denied.decisionId, reasons: denied.reasons.map((code) => explainReasonAt(place, code)), atMs: denied.atMs };
    respond(response, interactionSchema, {
      appName,
      prompt,
      denied: why,
      ...(appUrl === null ? {} : { appUrl }),
      ...(language === null ? {} : { language }),
      ...(outside === undefined ? {} : { outside }),
    });
  });

  router.post('/interaction/:uid/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const exchange = exchangeOf(request, response);
    await interactions.state(exchange);
    const { ceremonyId, options } = await authentication.begin(flowOf(exchange.uid));
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/interaction/:uid/passkey', async (request, response) => {
    const exchange = exchangeOf(request, response);
    const authenticated = await finishCeremony(deps, flowOf(exchange.uid), request);
    respond(response, continueSchema, { redirectTo: await interactions.finishPasskey(exchange, authenticated) });
  });

  router.post('/interaction/:uid/other-passkey', async (request, response) => {
    const exchange = exchangeOf(request, response);
    const authenticated = await finishCeremony(deps, flowOf(exchange.uid), request);
    respond(response, continueSchema, { redirectTo: await interactions.finishOtherPasskey(exchange, authenticated) });
  });

  router.post('/interaction/:uid/retry', async (request, response) => {
    await deps.rateLimits.count('ceremony', request);
    parseBody(emptySchema, request);
    respond(response, continueSchema, { redirectTo: await interactions.retry(exchangeOf(request, response)) });
  });

  router.post('/interaction/:uid/abort', async (request, response) => {
    parseBody(emptySchema, request);
    respond(response, continueSchema, { redirectTo: await interactions.abort(exchangeOf(request, response)) });
  });
}

/** Enrolment by one-time link. No session: the link is the authority. */
export function registerEnrolmentRoutes(router: Router, deps: RouteDeps): void {
  const roleActions: Readonly<Record<string, readonly string[]>> = DEFAULT_OPERATOR_ROLES;

  router.post('/enrolment/options', async (request, response) => {
    await deps.rateLimits.count('enrolment', request);
    const { token } = parseBody(enrolmentRequestSchema, request);
    const { ceremonyId, displayName, expiresAtMs, options } = await deps.rateLimits.countFailure('failedEnrolment', request, () =>
      deps.enrolment.begin(token),
    );
    respond(response, enrolmentOptionsSchema, { ceremonyId, displayName, expiresAtMs, options: { ...options } });
  });

  router.post('/enrolment/verify', async (request, response) => {
    await deps.rateLimits.count('enrolment', request);
    const { ceremonyId, response: attestation } = parseBody(ceremonyResponseSchema, request);
    const { displayName, roles } = await deps.rateLimits.countFailure('failedEnrolment', request, () =>
      deps.enrolment.finish(ceremonyId, attestation),
    );
    const mayUseConsole = roles.some((role) => role !== 'host' && (roleActions[role]?.includes('console.sign_in') ?? false));
    respond(response, enrolledSchema, { displayName, console: mayUseConsole });
  });
}
