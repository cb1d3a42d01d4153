import type { Request, Response, Router } from 'express';
import type { Desks } from '../../app/desk/desks.ts';
import type { LookedAt } from '../../app/desk/desk-looks.ts';
import { GatewayError } from '../../domain/errors.ts';
import type { SignInState } from '../../oidc/sign-in/interaction-state.ts';
import type { Exchange } from '../../oidc/sign-in/interactions.ts';
import { emptySchema } from '../contract/common.ts';
import { deskAskedSchema, deskNonceBodySchema, deskOutcomeSchema } from '../contract/desk.ts';
import { assertionOptionsSchema, continueSchema } from '../contract/sign-in.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';
import { finishCeremony } from './finish-ceremony.ts';

const exchangeOf = (request: Request, response: Response): Exchange => ({ request, response, uid: parseId(request, 'uid') });

/** A challenge of its own: a passkey that was used to sign in is none that was given in place of a face. */
const flowOf = (uid: string): string => `interaction:${uid}:in-place-of-a-face`;

/** What the page may ask a computer for; null = nothing that one could help with. */
export function deskPurposeOf({ denied, prompt }: Pick<SignInState, 'prompt' | 'denied'>): LookedAt['purpose'] | null {
  if (prompt === 'face') return 'login';
  const reasons = denied?.reasons ?? [];
  if (reasons.some((reason) => reason === 'face.mismatch' || reason === 'face.not_live')) return 'login';
  return reasons.some((reason) => reason.startsWith('device.')) ? 'device' : null;
}

/** The camera of the browser's own computer, and what takes its place. */
export function registerDeskSignInRoutes(router: Router, deps: RouteDeps, { agentOrigin, alternatives, looks }: Desks): void {
  const { authentication, interactions, rateLimits } = deps;

  /** The sign-in that waits for it. @throws request.conflict */
  const waiting = async (exchange: Exchange, purposes: readonly LookedAt['purpose'][]) => {
    const state = await interactions.state(exchange);
    const purpose = deskPurposeOf(state);
    if (state.session === null || purpose === null || !purposes.includes(purpose)) {
      throw new GatewayError('request.conflict', 'This sign-in waits for no computer.');
    }
    const { personId, uid: sessionUid } = state.session;
    return { state, purpose, at: { sessionUid, personId } };
  };

  router.post('/interaction/:uid/desk', async (request, response) => {
    await rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const exchange = exchangeOf(request, response);
    const { at, purpose, state } = await waiting(exchange, ['login', 'device']);
    const appId = deps.sites.appOfClient(state.clientId)?.id ?? null;
    const begun = await looks.begin({ ...at, appId, appName: state.appName, interactionUid: exchange.uid, purpose });
    if (!begun.ok) return respond(response, deskAskedSchema, { state: begun.code });
    const { challenge, expiresAtMs, nonce } = begun;
    respond(response, deskAskedSchema, { state: 'asked', agent: agentOrigin, challenge, nonce, expiresAtMs }, 201);
  });

  router.post('/interaction/:uid/desk/outcome', async (request, response) => {
    const exchange = exchangeOf(request, response);
    const { nonce } = parseBody(deskNonceBodySchema, request);
    await interactions.state(exchange);
    const outcome = await looks.outcomeOf(exchange.uid, nonce);
    if (outcome === null) throw new GatewayError('resource.unknown', 'This look is not known, or too long ago.');
    respond(response, deskOutcomeSchema, outcome);
  });

  router.post('/interaction/:uid/alternative/options', async (request, response) => {
    await rateLimits.count('challenge', request);
    parseBody(emptySchema, request);
    const exchange = exchangeOf(request, response);
    await waiting(exchange, ['login']);
    const { ceremonyId, options } = await authentication.begin(flowOf(exchange.uid));
    respond(response, assertionOptionsSchema, { ceremonyId, options: { ...options } });
  });

  router.post('/interaction/:uid/alternative/key', async (request, response) => {
    const exchange = exchangeOf(request, response);
    const { at } = await waiting(exchange, ['login']);
    const authenticated = await finishCeremony(deps, flowOf(exchange.uid), request);
    if (authenticated.personId !== at.personId) throw new GatewayError('sign_in.other_person', 'This key is somebody else’s.');
    if (!(await alternatives.giveKey(at, authenticated.authentication))) {
      throw new GatewayError('sign_in.key_synced', 'This passkey may be copied to other devices. Use a security key.');
    }
    respond(response, continueSchema, { redirectTo: await interactions.finishKey(exchange, authenticated) });
  });

  router.post('/interaction/:uid/alternative/badge', async (request, response) => {
    await rateLimits.count('ceremony', request);
    parseBody(emptySchema, request);
    const exchange = exchangeOf(request, response);
    const { at } = await waiting(exchange, ['login']);
    if (!(await alternatives.giveBadge(at))) {
      throw new GatewayError('sign_in.badge_not_seen', 'No reader has seen your badge in the last minutes. Badge in, then try again.');
    }
    respond(response, continueSchema, { redirectTo: await interactions.retry(exchange) });
  });
}
