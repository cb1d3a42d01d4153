import type { Request, Response, Router } from 'express';
import type { Operator } from '../../app/access/types.ts';
import { GatewayError } from '../../domain/errors.ts';
import { cliTokenSchema } from '../contract/admin.ts';
import { emptySchema } from '../contract/common.ts';
import { assertionOptionsSchema, consoleSessionSchema } from '../contract/sign-in.ts';
import { actionsOf, type Caller } from '../callers.ts';
import { parseBody } from '../middleware/parse.ts';
import { DeniedRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import { cookieOptions } from '../session-cookie.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

const FLOW = 'console';
const CONSOLE = { type: 'console', id: 'console' } as const;

function sendSession(deps: RouteDeps, response: Response, caller: Caller | null): void {
  const person = caller === null ? null : { id: caller.operator.id, displayName: caller.displayName, roles: [...caller.roles] };
  respond(response, consoleSessionSchema, { person, actions: [...(caller?.actions ?? [])], demo: deps.demo !== null });
}

/** Passkey first, then the policy: a person whose role or standing does not allow the console is told why. */
async function signIn(deps: RouteDeps, request: Request, response: Response): Promise<void> {
  const { personId, authentication, credentialId } = await finishCeremony(deps, FLOW, request);
  const operator: Operator = { id: personId, channel: 'console', ip: deps.addresses.clientIp(request), authentication };
  const decision = await deps.authorizeOperator({
    action: 'console.sign_in',
    operator,
    target: CONSOLE,
    reason: '',
    firstOperatorId: null,
  });
  if (decision.effect === 'deny') throw new DeniedRequest(decision);
  const start = { personId, kind: 'console', authentication, credentialId, decisionId: decision.id } as const;
  const { secret, session } = await deps.consoleSessions.start(start);
  const maxAge = session.expiresAtMs - session.createdAtMs;
  response.cookie(deps.cookieName, secret, { ...cookieOptions(deps.publicUrl), maxAge });
  const { displayName = '', roles = [], version = 0 } = (await deps.people.find(personId)) ?? {};
  sendSession(deps, response, { operator, displayName, roles, actions: actionsOf(roles), version, session });
}

/** A token for the command line lives apart from the browser's session, and ends with the person's standing like it. */
async function issueCliToken(deps: RouteDeps, request: Request, response: Response): Promise<void> {
  parseBody(emptySchema, request);
  const caller = await deps.authenticate(request);
  if (caller?.session?.kind !== 'console') throw new GatewayError('request.unauthenticated', 'Sign in to the console first.');
  const operator: Operator = { ...caller.operator, channel: 'cli' };
  const decision = await deps.authorizeOperator({
    action: 'console.sign_in',
    operator,
    target: CONSOLE,
    reason: '',
    firstOperatorId: null,
  });
  if (decision.effect === 'deny') throw new DeniedRequest(decision);
  const { personId } = caller.session;
  const { secret, session } = await deps.consoleSessions.start({
    personId,
    kind: 'cli',
    authentication: caller.session,
    credentialId: caller.session.credentialId,
    decisionId: decision.id,
  });
  respond(response, cliTokenSchema, { token: secret, expiresAtMs: session.expiresAtMs });
}

export function registerSessionRoutes(router: Router, deps: RouteDeps): void {
  router.get('/session', async (request, response) => {
    sendSession(deps, response, await deps.authenticate(request));
  });

  router.post('/session/options', async (request, response) => {
    await deps.rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const { ceremonyId, options } = await deps.authentication.begin(FLOW);
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/session', async (request, response) => signIn(deps, request, response));

  router.delete('/session', async (request, response) => {
    const caller = await deps.authenticate(request);
    if (caller?.session != null) await deps.consoleSessions.end(caller.session, 'signed_out');
    response.clearCookie(deps.cookieName, cookieOptions(deps.publicUrl));
    respond(response, emptySchema, {});
  });

  router.post('/session/cli-token', async (request, response) => issueCliToken(deps, request, response));
}
