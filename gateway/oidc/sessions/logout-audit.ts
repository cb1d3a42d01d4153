import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC, Session } from 'oidc-provider';
import type { AuditLog } from '../../ports/audit-log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { AppSessions } from './app-sessions.ts';
import type { ShownGrants } from './shown-grants.ts';

interface Deps {
  readonly provider: Provider;
  readonly appSessions: AppSessions;
  readonly shownGrants: Pick<ShownGrants, 'of' | 'reusedIn'>;
  readonly appIdOf: (clientId: string) => string | null;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

const TOKEN_REUSED = 'token_reused';

const causes: Readonly<Record<string, string>> = {
  end_session_confirm: 'signed_out',
  revocation: 'revoked_by_app',
  token: TOKEN_REUSED,
};

/** Whose it is that ends. A code that was used before stays none of the request's entities. */
function personOf({ oidc: { entities, session } }: KoaContextWithOIDC): string | undefined {
  return session?.accountId ?? entities.RefreshToken?.accountId ?? entities.AuthorizationCode?.accountId ?? entities.Grant?.accountId;
}

/**
 * Records the ends that the provider itself brings about: sign-out, a client's revocation, a reused code or refresh token. The
 * provider announces revoked grants by an event, which cannot wait; the records are written, and awaited, after the request.
 */
export function recordProviderEnds(deps: Deps): void {
  const revokedBy = new WeakMap<object, string[]>();
  deps.provider.on('grant.revoked', (ctx, grantId) => {
    revokedBy.set(ctx.oidc, [...(revokedBy.get(ctx.oidc) ?? []), grantId]);
  });

  /** RFC 9700 4.14.2: of a code or refresh token that comes twice somebody has a copy. Which of the two is the thief, nobody knows. */
  const raiseReuse = async (sourceId: string, personId: string): Promise<void> => {
    const occurredAtMs = deps.clock.nowMs();
    await deps.audit.append({
      type: 'alarm',
      occurredAtMs,
      code: 'oidc.token_reused',
      sourceType: 'gateway',
      sourceId,
      active: true,
      personId,
    });
  };

  const recordApps = async (ctx: KoaContextWithOIDC, personId: string, session: Session | undefined, cause: string): Promise<void> => {
    const clientIdOf = (grantId: string): string | undefined =>
      Object.entries(session?.authorizations ?? {}).find(([, authorization]) => authorization.grantId === grantId)?.[0] ??
      ctx.oidc.client?.clientId;
    for (const grantId of new Set([...(revokedBy.get(ctx.oidc) ?? []), ...deps.shownGrants.reusedIn(ctx)])) {
      const appId = deps.appIdOf(clientIdOf(grantId) ?? '');
      await deps.appSessions.recordEnd({ kind: 'app', sessionId: grantId, personId, appId, cause, decisionId: null });
      if (cause === TOKEN_REUSED) await raiseReuse(appId ?? 'unknown', personId);
    }
  };

  deps.provider.use(async (koaCtx, next) => {
    await next();
    const ctx = koaCtx as unknown as KoaContextWithOIDC;
    // Absent when no route of the provider matched.
    if ((ctx as { readonly oidc?: unknown }).oidc === undefined) return;
    const { session, route } = ctx.oidc;
    const personId = personOf(ctx) ?? deps.shownGrants.of(ctx)?.personId;
    if (personId === undefined) return;
    const cause = causes[route] ?? 'ended';
    await recordApps(ctx, personId, session, cause);
    const isEnded = (session as { readonly destroyed?: unknown } | undefined)?.destroyed === true;
    if (session !== undefined && isEnded && session.authorizations !== undefined) {
      await deps.appSessions.recordEnd({ kind: 'provider', sessionId: session.uid, personId, appId: null, cause, decisionId: null });
    }
  });
}
