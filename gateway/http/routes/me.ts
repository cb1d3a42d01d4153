import type { Request, Response, Router } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import { actionsOf } from '../callers.ts';
import { emptySchema } from '../contract/common.ts';
import { languageBodySchema, meSchema } from '../contract/me.ts';
import { assertionOptionsSchema } from '../contract/sign-in.ts';
import { parseBody } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { OwnCaller } from '../own-callers.ts';
import { cookieOptions } from '../session-cookie.ts';
import { finishCeremony } from './finish-ceremony.ts';
import type { MeDeps } from './me-deps.ts';

const FLOW = 'portal';
/** An assertion that confirms one session confirms no other. */
const confirmFlow = ({ session }: OwnCaller): string => `portal-confirm:${session.id}`;

type Ceremony = Awaited<ReturnType<typeof finishCeremony>>;

async function sendMe({ portal }: MeDeps, response: Response, caller: Pick<OwnCaller, 'person' | 'session'> | null): Promise<void> {
  if (caller === null) return respond(response, meSchema, { person: null, language: null, session: null, console: false });
  const { id, displayName, email, roles } = caller.person;
  const { id: sessionId, createdAtMs: startedAtMs, expiresAtMs, authenticatedAtMs } = caller.session;
  respond(response, meSchema, {
    person: { id, displayName, email },
    language: await portal.preferences.languageOf(id),
    session: { id: sessionId, startedAtMs, expiresAtMs, authenticatedAtMs },
    console: actionsOf(roles).has('console.sign_in'),
  });
}

/** The passkey is right; the policy says whether its holder may see what is theirs. In place of the session that this browser had. */
async function begin(
  deps: MeDeps,
  request: Request,
  response: Response,
  { personId, authentication, credentialId }: Ceremony,
): Promise<void> {
  const before = await deps.ownCallers.find(request);
  const ip = deps.addresses.clientIp(request);
  const decision = await deps.portal.authorizeSelf({ action: 'self.sign_in', personId, ip, authentication });
  if (decision.effect === 'deny') throw new DeniedRequest(decision);
  const start = { personId, kind: 'portal', authentication, credentialId, decisionId: decision.id } as const;
  const { secret, session } = await deps.consoleSessions.start(start);
  if (before !== null) await deps.consoleSessions.end(before.session, 'signed_in_again');
  const maxAge = session.expiresAtMs - session.createdAtMs;
  response.cookie(deps.ownCookieName, secret, { ...cookieOptions(deps.publicUrl), maxAge });
  const person = await deps.people.find(personId);
  await sendMe(deps, response, person === null ? null : { person, session });
}

async function sendChallenge(deps: MeDeps, request: Request, response: Response, flow: string): Promise<void> {
  parseBody(emptySchema, request);
  const { ceremonyId, options } = await deps.authentication.begin(flow);
  respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
}

/** Sign-in to people's own side, and what they set for themselves. */
export function registerMeRoutes(router: Router, deps: MeDeps): void {
  router.get('/me', async (request, response) => {
    await deps.rateLimits.count('own', request);
    await sendMe(deps, response, await deps.ownCallers.find(request));
  });

  router.post('/me/session/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    await sendChallenge(deps, request, response, FLOW);
  });

  router.post('/me/session', async (request, response) => {
    await begin(deps, request, response, await finishCeremony(deps, FLOW, request));
  });

  router.delete('/me/session', async (request, response) => {
    await deps.rateLimits.count('own', request);
    const caller = await deps.ownCallers.find(request);
    if (caller !== null) await deps.consoleSessions.end(caller.session, 'signed_out');
    response.clearCookie(deps.ownCookieName, cookieOptions(deps.publicUrl));
    respond(response, emptySchema, {});
  });

  router.post('/me/confirm/options', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    await deps.rateLimits.count('challenge', request);
    await sendChallenge(deps, request, response, confirmFlow(caller));
  });

  router.post('/me/confirm', async (request, response) => {
    const caller = await deps.ownCallers.require(request);
    const ceremony = await finishCeremony(deps, confirmFlow(caller), request);
    // Somebody else at this browser confirms nothing, though their passkey is right.
    if (ceremony.personId !== caller.personId) throw new GatewayError('authentication.failed', 'This passkey is not yours.');
    await begin(deps, request, response, ceremony);
  });

  router.put('/me/language', async (request, response) => {
    const { personId } = await deps.ownCallers.require(request);
    const { language } = parseBody(languageBodySchema, request);
    await deps.portal.preferences.setLanguage(personId, language);
    respond(response, languageBodySchema, { language });
  });
}
