import type { ClientAuthorizationState, Grant, Session } from 'oidc-provider';
import type { NetworkEvidence } from '../../app/access/types.ts';
import type { DecisionId } from '../../domain/site/ids.ts';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { OidcStore } from '../../ports/oidc-store.ts';
import type { EndedSessions } from './ended-sessions.ts';

/**
 * What the provider keeps for one client inside a provider session, with facts of ours. An app session is exactly the grant that
 * the session holds for the client; a provider session counts as started with its first app session.
 */
export interface AppAuthorization extends ClientAuthorizationState {
  decisionId?: string;
  startedAtMs?: number;
  /** Where the person last signed in to the client from. */
  login?: { readonly ip: string | null; readonly observedAtMs: number };
}

/** The network of the sign-in, for what the client's own server asks. A session that does not say it has an unknown one. */
export function loginNetworkOf(
  session: { readonly authorizations?: Record<string, AppAuthorization> | undefined } | undefined,
  clientId: string,
): NetworkEvidence {
  const login = session?.authorizations?.[clientId]?.login;
  return { source: 'login', ip: login?.ip ?? null, observedAtMs: login?.observedAtMs ?? 0 };
}

/** The stored form of a provider session, as far as it is read here. */
export interface StoredSession {
  readonly accountId?: string;
  readonly uid: string;
  readonly loginTs?: number;
  readonly acr?: string;
  readonly amr?: readonly string[];
  authorizations?: Record<string, AppAuthorization>;
}

export interface AppSessionEnd {
  readonly personId: string;
  readonly appId: string | null;
  readonly sessionId: string;
  readonly kind: 'provider' | 'app';
  readonly cause: string;
  readonly decisionId: DecisionId | null;
}

export interface AppSessions {
  /** After a permit: gives the client its grant inside the session. @throws audit.unavailable nothing was opened then. */
  open(opening: OpeningAppSession): Promise<void>;
  /** Destroys the grant and its tokens. The provider session keeps no token of it. */
  destroyGrant(grantId: string): Promise<void>;
  /** @throws audit.unavailable */
  recordEnd(end: AppSessionEnd): Promise<void>;
}

export interface OpeningAppSession {
  readonly session: Session;
  readonly grant: Grant;
  readonly clientId: string;
  readonly personId: string;
  readonly scope: string;
  /** Claims of these scopes that the client wants in a place of its choice. */
  readonly claims?: readonly string[];
  /** What was asked for at each API, by its resource indicator. */
  readonly apiScopes: ReadonlyMap<string, string>;
  /** Address of the browser; null when it cannot be told. */
  readonly ip: string | null;
  readonly decisionId: DecisionId;
}

interface Deps {
  readonly store: OidcStore;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** App of a client; null when the client is no app of the installation. */
  readonly appIdOf: (clientId: string) => string | null;
  readonly endedSessions: Pick<EndedSessions, 'add'>;
}

export function createAppSessions(deps: Deps): AppSessions {
  const recordStart = async (kind: 'provider' | 'app', sessionId: string, opening: OpeningAppSession): Promise<void> => {
    await deps.audit.append({
      type: 'session',
      occurredAtMs: deps.clock.nowMs(),
      event: 'started',
      kind,
      sessionId,
      personId: opening.personId,
      appId: kind === 'app' ? deps.appIdOf(opening.clientId) : null,
      cause: 'permitted',
      decisionId: opening.decisionId,
    });
  };

  return {
    open: async (opening) => {
      const { session, grant, clientId } = opening;
      const others: readonly AppAuthorization[] = Object.values(session.authorizations ?? {});
      const isFirstApp = others.every((authorization) => authorization.startedAtMs === undefined);
      grant.addOIDCScope(opening.scope);
      grant.addOIDCClaims([...(opening.claims ?? [])]);
      for (const [resource, scope] of opening.apiScopes) grant.addResourceScope(resource, scope);
      const grantId = await grant.save();
      const isNewApp = session.grantIdFor(clientId) !== grantId || isFirstApp;
      if (isFirstApp) await recordStart('provider', session.uid, opening);
      if (isNewApp) await recordStart('app', grantId, opening);
      session.ensureClientContainer(clientId);
      session.grantIdFor(clientId, grantId);
      const authorization: AppAuthorization = session.authorizationFor(clientId);
      const nowMs = deps.clock.nowMs();
      authorization.decisionId = opening.decisionId;
      authorization.login = { ip: opening.ip, observedAtMs: nowMs };
      if (isNewApp) authorization.startedAtMs = nowMs;
    },

    destroyGrant: async (grantId) => {
      deps.endedSessions.add(grantId);
      await deps.store.destroyByGrant(grantId);
      await deps.store.destroy('Grant', grantId);
    },

    recordEnd: async (end) => {
      await deps.audit.append({ type: 'session', occurredAtMs: deps.clock.nowMs(), event: 'ended', ...end });
    },
  };
}
