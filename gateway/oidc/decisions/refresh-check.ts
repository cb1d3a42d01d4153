import { errors, type Client, type KoaContextWithOIDC, type RefreshToken } from 'oidc-provider';
import type { Authentication, AuthorizeApp, NetworkEvidence } from '../../app/access/types.ts';
import type { Decision } from '../../domain/access/decision.ts';
import type { ReasonCode } from '../../domain/access/reason-code.ts';
import type { DecisionId, PersonId } from '../../domain/site/ids.ts';
import { holdsAcr, isAcr, PASSKEY_ACR } from './acr.ts';
import { lookOf, type AcrCheck } from './acr-check.ts';
import { loginNetworkOf, type AppSessions } from '../sessions/app-sessions.ts';
import { denyOf, describeDenial } from './denial.ts';
import type { Exchanges } from '../storage/exchanges.ts';
import { tryAgain } from '../provider-error.ts';
import type { SeenSession, SeenSessions } from '../sessions/seen-sessions.ts';
import { authenticationBy } from './token-authentication.ts';
import type { ClientIp } from '../types.ts';

export interface RefreshCheck {
  /** The provider's `rotateRefreshToken` hook: every refresh rotates, and every refresh is decided first. */
  rotate(ctx: KoaContextWithOIDC): Promise<boolean>;
  /** The decision under which the request of `ctx` refreshed; undefined when it did not. */
  decisionOf(ctx: KoaContextWithOIDC): DecisionId | undefined;
}

interface Deps {
  readonly authorizeApp: AuthorizeApp;
  readonly appSessions: AppSessions;
  readonly clientIp: ClientIp;
  readonly appIdOf: (clientId: string) => string | null;
  readonly acrCheck: Pick<AcrCheck, 'factsOf'>;
  readonly seenSessions: Pick<SeenSessions, 'of'>;
  readonly exchanges: Pick<Exchanges, 'record'>;
}

/** A full disk, a slow minute or a broken policy is a no for now. The person has lost nothing by it: their apps try again, and need no new sign-in. */
const UNDECIDED: ReadonlySet<ReasonCode> = new Set([
  'input.invalid',
  'pdp.unavailable',
  'pdp.late',
  'pdp.answer_invalid',
  'audit.unavailable',
  'store.unavailable',
]);

/**
 * The hook is the one place of the refresh grant where the token is fully checked and not yet used: after expiry, client, grant,
 * session and reuse. Nothing is rotated before the policy has permitted it, and nothing given out before that is recorded.
 */
export function createRefreshCheck(deps: Deps): RefreshCheck {
  const decisions = new WeakMap<object, DecisionId>();

  const networkOf = (ctx: KoaContextWithOIDC, client: Client, session: SeenSession | undefined): NetworkEvidence => {
    if (client['clientAuthMethod'] === 'none') return { source: 'request', ip: deps.clientIp(ctx.req) };
    // A confidential client refreshes from its own server, whose address says nothing about the person's device.
    return loginNetworkOf(session, client.clientId);
  };

  /** @throws invalid_grant where the policy says no: the grant has ended then; temporarily_unavailable where nobody has said anything */
  const assertPermit = async (ctx: KoaContextWithOIDC, decision: Decision, token: RefreshToken, grantId: string): Promise<void> => {
    const deny = denyOf(decision);
    if (deny === null) return;
    const [reason] = deny.reasons;
    if (UNDECIDED.has(reason)) throw tryAgain(describeDenial(reason, deny.id), ctx);
    await deps.appSessions.destroyGrant(grantId);
    await deps.appSessions.recordEnd({
      kind: 'app',
      sessionId: grantId,
      personId: token.accountId,
      appId: deps.appIdOf(token.clientId ?? ''),
      cause: `refresh_denied:${reason}`,
      decisionId: deny.id,
    });
    throw new errors.CustomOIDCProviderError('invalid_grant', describeDenial(reason, deny.id));
  };

  /** New tokens must not say that the person is on site, when they were an hour ago. */
  const lowerAcr = async (token: RefreshToken, authentication: Authentication | null): Promise<void> => {
    if (!isAcr(token.acr) || token.acr === PASSKEY_ACR || token.accountId === undefined) return;
    if (!holdsAcr(token.acr, await deps.acrCheck.factsOf(token.accountId, authentication, lookOf(token.sessionUid))))
      token.acr = authentication?.acr ?? PASSKEY_ACR;
  };

  return {
    rotate: async (ctx) => {
      const { RefreshToken: token, Client: client } = ctx.oidc.entities;
      const grantId = token?.grantId;
      if (token?.accountId === undefined || grantId === undefined || client === undefined) {
        throw new errors.InvalidGrant('refresh token without a person');
      }
      const session = token.sessionUid === undefined ? undefined : await deps.seenSessions.of(ctx, token.sessionUid);
      const authentication = authenticationBy(token, session);
      const decision = await deps.authorizeApp({
        action: 'token.refresh',
        personId: token.accountId as PersonId,
        clientId: client.clientId,
        network: networkOf(ctx, client, session),
        authentication,
        sessionUid: token.sessionUid,
        correlation: grantId,
        // What is given for it is stored at the same time.
        onPermit: (recorded) =>
          deps.exchanges.record(
            ctx,
            recorded.then(async (final) => assertPermit(ctx, final, token, grantId)),
          ),
      });
      await assertPermit(ctx, decision, token, grantId);
      await lowerAcr(token, authentication);
      decisions.set(ctx.oidc, decision.id);
      return true;
    },
    decisionOf: (ctx) => decisions.get(ctx.oidc),
  };
}
