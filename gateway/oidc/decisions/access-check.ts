import { errors, interactionPolicy, type KoaContextWithOIDC, type Session } from 'oidc-provider';
import { z } from 'zod';
import type { Authentication, AuthorizeApp } from '../../app/access/types.ts';
import { upstreamOriginSchema, type BindUpstreamSession } from '../../app/upstream/sessions.ts';
import { isUserVerified } from '../../domain/access/assurance.ts';
import type { Decision } from '../../domain/access/decision.ts';
import { reasonCodeSchema, type ReasonCode } from '../../domain/access/reason-code.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import { tryParse } from '../../domain/try-parse.ts';
import type { Clock } from '../../ports/clock.ts';
import { claimsByScope } from '../claims/accounts.ts';
import type { AppSessions } from '../sessions/app-sessions.ts';
import { describeDenial, stepUpOf } from './denial.ts';
import type { ClientIp } from '../types.ts';

/** What the sign-in page must do next; travels as details of the prompt `access` and is read back by the sign-in API. */
export const accessPromptSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('denied'), decisionId: z.string(), reasons: z.array(reasonCodeSchema).min(1), atMs: z.number() }),
  z.object({ kind: z.literal('step_up'), decisionId: z.string() }),
  /** The permit holds once a camera has seen the person, or they gave something in its place. */
  z.object({ kind: z.literal('face'), decisionId: z.string() }),
]);
export type AccessPrompt = z.infer<typeof accessPromptSchema>;

/** A passkey used this recently satisfies every step-up: the time the browser needs to come back. */
const STEP_UP_FRESH_S = 10;

interface Deps {
  readonly authorizeApp: AuthorizeApp;
  readonly appSessions: AppSessions;
  readonly clientIp: ClientIp;
  readonly clock: Clock;
  readonly maySeePresence: MaySeePresence;
  /** Absent where no identity provider outside is configured. */
  readonly bindUpstreamSession?: BindUpstreamSession | undefined;
}

/** Whether the client may be told where its users are. */
export type MaySeePresence = (clientId: string) => boolean;

/** RFC 6749 3.3: a scope may be ignored in part; the token response says what was granted. */
function grantedScope(requested: Iterable<string>, maySeePresence: boolean): string {
  return [...requested].filter((scope) => scope !== 'presence' || maySeePresence).join(' ');
}

/** OpenID Connect Core 5.5: which claims are wanted, and where. None is given that the granted scopes do not give anyway. */
function grantedClaims(requested: Iterable<string>, scope: string): readonly string[] {
  const given = new Set(
    scope.split(' ').flatMap((one): readonly string[] => (claimsByScope as Readonly<Record<string, readonly string[]>>)[one] ?? []),
  );
  return [...requested].filter((claim) => given.has(claim));
}

/** Who may sign in to an app may call the APIs that the configuration gives the app, in this person's name. */
function apiScopesOf({ oidc }: KoaContextWithOIDC): ReadonlyMap<string, string> {
  const asked = [...oidc.requestParamScopes];
  return new Map(
    Object.entries(oidc.resourceServers ?? {}).map(([resource, api]) => {
      const known = new Set(api.scope.split(' '));
      return [resource, asked.filter((scope) => known.has(scope)).join(' ')];
    }),
  );
}

/** How the person of a provider session authenticated: by a user-verified passkey, or at an identity provider outside. */
export function authenticationOf(session: {
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly loginTs?: number | undefined;
}): Authentication | null {
  if (session.loginTs === undefined || session.acr === undefined) return null;
  return {
    amr: session.amr ?? [],
    acr: session.acr,
    userVerified: isUserVerified(session.acr),
    authenticatedAtMs: session.loginTs * 1_000,
  };
}

/** A permit whose step-up is not reached yet asks for it; what it cannot reach is a deny. Null = go on. */
function promptFor(decision: Decision, authentication: Authentication | null, nowMs: number): AccessPrompt | null {
  const denied = (...reasons: ReasonCode[]): AccessPrompt => ({ kind: 'denied', decisionId: decision.id, reasons, atMs: nowMs });
  if (decision.effect === 'deny') return denied(...decision.reasons);
  const stepUp = stepUpOf(decision.obligations);
  if (!decision.obligations.every(({ id }) => id === 'step_up' || id === 'face')) return denied('obligation.unsupported');
  const afterwards: AccessPrompt | null = decision.obligations.some(({ id }) => id === 'face')
    ? { kind: 'face', decisionId: decision.id }
    : null;
  if (stepUp === null) return afterwards;
  if (stepUp.acr !== 'urn:gatehouse:acr:passkey') return denied('presence.required');
  const isPasskey = authentication?.acr === stepUp.acr;
  const ageS = isPasskey ? (nowMs - authentication.authenticatedAtMs) / 1_000 : Number.POSITIVE_INFINITY;
  return ageS <= Math.max(stepUp.max_age_s, STEP_UP_FRESH_S) ? afterwards : { kind: 'step_up', decisionId: decision.id };
}

/**
 * The policy enforcement point of sign-in. Runs for every authorization request, with a new session or an old one, and is never
 * cached: single sign-on means "not asked for the passkey again", not "not decided again".
 */
export function createAccessPrompt(deps: Deps): interactionPolicy.Prompt {
  const prompts = new WeakMap<object, AccessPrompt>();

  const decideFor = async (ctx: KoaContextWithOIDC, session: Session, clientId: string): Promise<boolean> => {
    const personId = session.accountId;
    if (personId === undefined) return interactionPolicy.Check.REQUEST_PROMPT;
    const authentication = authenticationOf(session);
    const ip = deps.clientIp(ctx.req);
    const decision = await deps.authorizeApp({
      action: 'app.login',
      personId: personId as PersonId,
      clientId,
      network: { source: 'request', ip },
      authentication,
      sessionUid: session.uid,
      correlation: ctx.oidc.entities.Interaction?.cid ?? session.uid,
    });
    const prompt = promptFor(decision, authentication, deps.clock.nowMs());
    if (prompt !== null) {
      refuseSilent(ctx, prompt, decision);
      prompts.set(ctx.oidc, prompt);
      return interactionPolicy.Check.REQUEST_PROMPT;
    }
    const { grant } = ctx.oidc;
    if (grant === undefined) throw new errors.AccessDenied(describeDenial('subject.unknown', decision.id));
    await bindUpstream(deps, ctx, session);
    const scope = grantedScope(ctx.oidc.requestParamOIDCScopes, deps.maySeePresence(clientId));
    const [apiScopes, claims] = [apiScopesOf(ctx), grantedClaims(ctx.oidc.requestParamClaims, scope)];
    await deps.appSessions.open({ session, grant, clientId, personId, scope, claims, apiScopes, ip, decisionId: decision.id });
    return interactionPolicy.Check.NO_NEED_TO_PROMPT;
  };

  const check = new interactionPolicy.Check(
    'decision',
    'access denied',
    'access_denied',
    async (ctx) => {
      const { session, client } = ctx.oidc;
      if (session === undefined || client === undefined) throw new TypeError('the access check runs after session and client are loaded');
      return decideFor(ctx, session, client.clientId);
    },
    (ctx) => ({ ...prompts.get(ctx.oidc) }),
  );
  return new interactionPolicy.Prompt({ name: 'access', requestable: false }, check);
}

/**
 * Whoever signed in elsewhere can be signed out from there: known before anything opens. What was ended there meanwhile does not begin.
 * @throws LoginRequired
 */
async function bindUpstream({ bindUpstreamSession }: Deps, { oidc }: KoaContextWithOIDC, { accountId, uid }: Session): Promise<void> {
  const origin = tryParse(upstreamOriginSchema, oidc.result?.['upstream']);
  if (bindUpstreamSession === undefined || !origin.success) return;
  const isLive = await bindUpstreamSession({ personId: accountId as PersonId, sessionUid: uid, origin: origin.data });
  if (!isLive) throw new errors.LoginRequired('the session at the identity provider has ended');
}

/** prompt=none cannot show a page: the client itself is told, with the decision to quote (OIDC Core 3.1.2.6). */
function refuseSilent(ctx: KoaContextWithOIDC, prompt: AccessPrompt, decision: Decision): void {
  if (!ctx.oidc.prompts.has('none')) return;
  if (prompt.kind === 'step_up') throw new errors.LoginRequired('a fresh sign-in is required');
  if (prompt.kind === 'face') throw new errors.InteractionRequired('a face check is required');
  throw new errors.AccessDenied(describeDenial(prompt.reasons[0] ?? 'policy.no_permit', decision.id));
}
