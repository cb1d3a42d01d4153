import { errors, type CIBAConfiguration, type KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import type { AuthorizeApp, Authentication } from '../../app/access/types.ts';
import type { Decision } from '../../domain/access/decision.ts';
import type { ReasonCode } from '../../domain/access/reason-code.ts';
import { GatewayError } from '../../domain/errors.ts';
import { toRetryAfterS } from '../../domain/request-budget.ts';
import type { PersonId } from '../../domain/site/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import type { PeopleStore } from '../../ports/people-store.ts';
import type { AcrCheck } from '../decisions/acr-check.ts';
import { holdsAcr, isAcr } from '../decisions/acr.ts';
import { denyOf, describeDenial } from '../decisions/denial.ts';
import { comeAgain } from '../provider-error.ts';

const MODEL = 'BackchannelAuthenticationRequest';
/** CIBA Core 7.1: short enough for a person to compare on two screens. */
export const BINDING_MESSAGE_CHARS_MAX = 64;
/** Requests that one person is shown, of every app its newest first. */
export const PENDING_REQUESTS_MAX = 20;
/** Requests of one client to one person that may wait at a time: whoever is asked again and again taps yes in the end. */
export const OPEN_REQUESTS_MAX = 5;

export interface PendingSignIn {
  readonly id: string;
  readonly appName: string;
  readonly bindingMessage: string;
  readonly expiresAtMs: number;
}

export interface Answering {
  readonly personId: PersonId;
  readonly authentication: Authentication;
  /** Where the person answers from. */
  readonly ip: string | null;
  readonly requestId: string;
  readonly answer: 'approve' | 'refuse';
}

export type Answered =
  | { readonly outcome: 'approved' | 'refused' }
  | { readonly outcome: 'denied'; readonly decisionId: string; readonly reasons: readonly ReasonCode[] };

/** Client-initiated back-channel sign-ins (CIBA): an app asks, and the person answers with a passkey at a page of the gateway, or a badge. */
export interface BackChannelSignIns {
  pendingOf(personId: PersonId): Promise<readonly PendingSignIn[]>;
  /** Requests of apps that a badge at a reader may answer. Epoch ms. */
  openToBadge(personId: PersonId): Promise<readonly { readonly id: string; readonly askedAtMs: number }[]>;
  /** @throws resource.unknown it is somebody else's, answered or expired; audit.unavailable nothing was granted then */
  answer(answering: Answering): Promise<Answered>;
}

interface Deps {
  readonly provider: () => Provider;
  readonly store: OidcStore;
  readonly authorizeApp: AuthorizeApp;
  readonly acrCheck: Pick<AcrCheck, 'factsOf'>;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly appIdOf: (clientId: string) => string | null;
  readonly takesBadge: (clientId: string) => boolean;
  readonly log: Pick<Logger, 'warn'>;
}

type Storage = Pick<Deps, 'clock' | 'store'>;

interface StoredRequest {
  readonly jti: string;
  readonly clientId: string;
  readonly accountId: string;
  readonly iat: number;
  readonly exp: number;
  readonly scope?: string;
  readonly grantId?: string;
  readonly error?: string;
  readonly params?: { readonly binding_message?: string; readonly acr_values?: string };
}

/** The provider's side: who is meant, and what may be asked. */
export function createCibaFeature({ people, ...storage }: Storage & { readonly people: PeopleStore }): CIBAConfiguration {
  const assertFewOpen = async (ctx: KoaContextWithOIDC, personId: string): Promise<void> => {
    const ofClient = (await openOf(storage, personId as PersonId)).filter(({ clientId }) => clientId === ctx.oidc.client?.clientId);
    if (ofClient.length < OPEN_REQUESTS_MAX) return;
    const afterS = toRetryAfterS(Math.min(...ofClient.map(({ exp }) => exp * 1_000)) - storage.clock.nowMs());
    throw comeAgain(429, 'this person has not answered your earlier requests yet', { ctx, afterS });
  };

  return {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    processLoginHint: async (_ctx, hint) => (await people.findByEmail(hint ?? ''))?.id ?? (await people.find(hint as PersonId))?.id,
    processLoginHintToken: () => {
      throw new errors.InvalidRequest('login_hint_token is not supported');
    },
    // The last that is asked before the request is stored.
    verifyUserCode: async (ctx, { accountId }, userCode) => {
      if (userCode !== undefined) throw new errors.InvalidRequest('user_code is not supported');
      await assertFewOpen(ctx, accountId);
    },
    validateBindingMessage: (_ctx, message) => {
      // Without one, the person could not tell this request from another.
      if (message === undefined || message.length > BINDING_MESSAGE_CHARS_MAX || !/^[\p{L}\p{N} .,:#-]+$/u.test(message)) {
        throw new errors.InvalidBindingMessage(`send a binding_message of at most ${String(BINDING_MESSAGE_CHARS_MAX)} plain characters`);
      }
    },
    validateRequestContext: (_ctx, context) => {
      if (context !== undefined) throw new errors.InvalidRequest('request_context is not supported');
    },
    // The person opens the page of the gateway: it has no device of theirs to call.
    triggerAuthenticationDevice: () => undefined,
  };
}

/** Requests of the person that wait for an answer. */
async function openOf({ clock, store }: Storage, personId: PersonId): Promise<readonly StoredRequest[]> {
  const artifacts = await store.ofPerson(MODEL, personId, clock.nowMs());
  return artifacts
    .filter(({ consumedAtMs }) => consumedAtMs === null)
    .map((artifact) => ({ ...(JSON.parse(artifact.payloadJson) as StoredRequest), jti: artifact.id }))
    .filter((request) => request.grantId === undefined && request.error === undefined);
}

/** No app can push another's out of sight by asking often. */
function newestOf(open: readonly StoredRequest[]): readonly StoredRequest[] {
  const newestFirst = open.toSorted((left, right) => right.iat - left.iat);
  const rankOf = new Map<string, number>();
  const ranked = newestFirst.map((request) => {
    const rank = rankOf.get(request.clientId) ?? 0;
    rankOf.set(request.clientId, rank + 1);
    return { request, rank };
  });
  return ranked
    .toSorted((left, right) => left.rank - right.rank)
    .slice(0, PENDING_REQUESTS_MAX)
    .map(({ request }) => request);
}

async function decide({ authorizeApp }: Deps, request: StoredRequest, answering: Answering): Promise<Decision> {
  return authorizeApp({
    action: 'app.login',
    personId: answering.personId,
    clientId: request.clientId,
    network: { source: 'request', ip: answering.ip },
    authentication: answering.authentication,
    correlation: request.jti.slice(0, 64),
  });
}

/** The first of the wanted contexts that is reached; null when some are wanted and none is. */
async function reachedAcr({ acrCheck }: Deps, request: StoredRequest, { authentication, personId }: Answering): Promise<string | null> {
  const wanted = (request.params?.acr_values ?? '').split(' ').filter(isAcr);
  if (wanted.length === 0) return authentication.acr;
  const facts = await acrCheck.factsOf(personId, authentication);
  return wanted.find((acr) => holdsAcr(acr, facts)) ?? null;
}

interface Permitted {
  readonly request: StoredRequest;
  readonly answering: Answering;
  readonly acr: string;
  readonly decisionId: string;
}

async function grant(deps: Deps, { acr, answering, decisionId, request }: Permitted): Promise<void> {
  const { authentication, personId } = answering;
  const provider = deps.provider();
  const granted = new provider.Grant({ accountId: personId, clientId: request.clientId });
  granted.addOIDCScope(request.scope ?? 'openid');
  const grantId = await granted.save();
  await deps.audit.append({
    type: 'session',
    occurredAtMs: deps.clock.nowMs(),
    event: 'started',
    kind: 'app',
    sessionId: grantId,
    personId,
    appId: deps.appIdOf(request.clientId),
    cause: 'permitted',
    decisionId,
  });
  const authTime = Math.floor(authentication.authenticatedAtMs / 1_000);
  await keepAnswer(deps, request, () => provider.backchannelResult(request.jti, granted, { acr, amr: [...authentication.amr], authTime }));
}

/** The provider keeps the answer and then tells the app. An app that cannot be told asks again by itself: the answer stands. */
async function keepAnswer({ clock, log, store }: Deps, { clientId, jti }: StoredRequest, keep: () => Promise<unknown>): Promise<void> {
  try {
    await keep();
  } catch (failure) {
    const stored = await store.find(MODEL, jti, clock.nowMs());
    const { error, grantId } = stored === null ? {} : (JSON.parse(stored.payloadJson) as Partial<StoredRequest>);
    if (grantId === undefined && error === undefined) throw failure;
    log.warn('oidc.ping_failed', { clientId });
  }
}

export function createBackChannelSignIns(deps: Deps): BackChannelSignIns {
  const refuse = async (request: StoredRequest, description: string): Promise<void> => {
    await keepAnswer(deps, request, () => deps.provider().backchannelResult(request.jti, new errors.AccessDenied(description)));
  };

  return {
    pendingOf: async (personId) =>
      Promise.all(
        newestOf(await openOf(deps, personId)).map(async ({ clientId, exp, jti, params }) => ({
          id: jti,
          appName: (await deps.provider().Client.find(clientId))?.clientName ?? clientId,
          bindingMessage: params?.binding_message ?? '',
          expiresAtMs: exp * 1_000,
        })),
      ),

    openToBadge: async (personId) =>
      (await openOf(deps, personId))
        .filter(({ clientId }) => deps.takesBadge(clientId))
        .map(({ iat, jti }) => ({ id: jti, askedAtMs: iat * 1_000 })),

    answer: async (answering) => {
      const request = (await openOf(deps, answering.personId)).find(({ jti }) => jti === answering.requestId);
      if (request === undefined) throw new GatewayError('resource.unknown', 'This request is answered already, or has expired.');
      if (answering.answer === 'refuse') {
        await refuse(request, 'the person refused');
        return { outcome: 'refused' };
      }
      const decision = await decide(deps, request, answering);
      const deny = denyOf(decision);
      if (deny !== null) {
        await refuse(request, describeDenial(deny.reasons[0], deny.id));
        return { outcome: 'denied', decisionId: deny.id, reasons: deny.reasons };
      }
      const acr = await reachedAcr(deps, request, answering);
      if (acr === null) return { outcome: 'denied', decisionId: decision.id, reasons: ['authentication.too_weak'] };
      await grant(deps, { request, answering, acr, decisionId: decision.id });
      return { outcome: 'approved' };
    },
  };
}
