import type Provider from 'oidc-provider';
import type { KoaContextWithOIDC, Session } from 'oidc-provider';
import type { AppSessions } from './app-sessions.ts';

interface Deps {
  readonly provider: Provider;
  readonly appSessions: AppSessions;
  readonly appIdOf: (clientId: string) => string | null;
}

const causes: Readonly<Record<string, string>> = {
  end_session_confirm: 'signed_out',
  revocation: 'revoked_by_app',
  token: 'token_reused',
};

/**
 * Records the ends that the provider itself brings about: sign-out, a client's revocation, a reused code or refresh token. The
 * provider announces revoked grants by an event, which cannot wait; the records are written, and awaited, after the request.
 */
export function recordProviderEnds(deps: Deps): void {
  const revokedBy = new WeakMap<object, string[]>();
  deps.provider.on('grant.revoked', (ctx, grantId) => {
    revokedBy.set(ctx.oidc, [...(revokedBy.get(ctx.oidc) ?? []), grantId]);
  });

  const recordApps = async (ctx: KoaContextWithOIDC, personId: string, session: Session | undefined, cause: string): Promise<void> => {
    const clientIdOf = (grantId: string): string | undefined =>
      Object.entries(session?.authorizations ?? {}).find(([, authorization]) => authorization.grantId === grantId)?.[0] ??
      ctx.oidc.client?.clientId;
    for (const grantId of revokedBy.get(ctx.oidc) ?? []) {
      const appId = deps.appIdOf(clientIdOf(grantId) ?? '');
      await deps.appSessions.recordEnd({ kind: 'app', sessionId: grantId, personId, appId, cause, decisionId: null });
    }
  };

  deps.provider.use(async (koaCtx, next) => {
    await next();
    const ctx = koaCtx as unknown as KoaContextWithOIDC;
    // Absent when no route of the provider matched.
    if ((ctx as { readonly oidc?: unknown }).oidc === undefined) return;
    const { session, entities, route } = ctx.oidc;
    const personId =
      session?.accountId ?? entities.RefreshToken?.accountId ?? entities.AuthorizationCode?.accountId ?? entities.Grant?.accountId;
    if (personId === undefined) return;
    const cause = causes[route] ?? 'ended';
    await recordApps(ctx, personId, session, cause);
    const isEnded = (session as { readonly destroyed?: unknown } | undefined)?.destroyed === true;
    if (session !== undefined && isEnded && session.authorizations !== undefined) {
      await deps.appSessions.recordEnd({ kind: 'provider', sessionId: session.uid, personId, appId: null, cause, decisionId: null });
    }
  });
}
