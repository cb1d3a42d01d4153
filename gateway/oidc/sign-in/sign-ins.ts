import type { AppId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SignIn } from '../../ports/live-sessions.ts';
import type { OidcArtifact, OidcStore } from '../../ports/oidc-store.ts';
import { appSessionsOf, readSession } from '../sessions/stored-sessions.ts';

interface Deps {
  readonly store: OidcStore;
  readonly clock: Clock;
  readonly appIdOf: (clientId: string) => AppId | null;
}

interface OutsideGrant {
  readonly artifact: OidcArtifact;
  readonly clientId: string;
  readonly startedAtMs: number;
}

const artifactsOf = ({ store, clock }: Deps, model: string, personId: PersonId): Promise<readonly OidcArtifact[]> =>
  store.ofPerson(model, personId, clock.nowMs());

/** Browsers with their apps, and apps that keep access without a browser. */
export async function listSignIns(deps: Deps, personId: PersonId): Promise<readonly SignIn[]> {
  const { appIdOf } = deps;
  const [artifacts, grants] = await Promise.all([artifactsOf(deps, 'Session', personId), listLastingGrants(deps, personId)]);
  const browsers = artifacts.map((artifact): SignIn => {
    const session = readSession(artifact);
    const apps = appSessionsOf(session).map(({ clientId, startedAtMs }) => ({ appId: appIdOf(clientId), clientId, startedAtMs }));
    return { id: session.uid, kind: 'browser', startedAtMs: (session.loginTs ?? 0) * 1_000, expiresAtMs: artifact.expiresAtMs, apps };
  });
  const lasting = grants.map(({ artifact, clientId, startedAtMs }): SignIn => {
    const apps = [{ appId: appIdOf(clientId), clientId, startedAtMs }];
    return { id: artifact.id, kind: 'app', startedAtMs, expiresAtMs: artifact.expiresAtMs, apps };
  });
  return [...browsers, ...lasting];
}

/** Grants that no browser's session holds, whether their tokens can be renewed or end within minutes. */
export async function listGrantsOutside(deps: Deps, personId: PersonId): Promise<readonly OutsideGrant[]> {
  const [sessions, grants] = await Promise.all(['Session', 'Grant'].map((model) => artifactsOf(deps, model, personId)));
  const held = new Set(sessions?.flatMap((session) => appSessionsOf(readSession(session)).map(({ grantId }) => grantId)));
  return (grants ?? []).flatMap((artifact) => {
    // Written by the provider through the storage adapter only.
    const { clientId, iat } = JSON.parse(artifact.payloadJson) as { readonly clientId?: string; readonly iat?: number };
    return clientId === undefined || held.has(artifact.id) ? [] : [{ artifact, clientId, startedAtMs: (iat ?? 0) * 1_000 }];
  });
}

/** Those of them whose refresh tokens live on. */
export async function listLastingGrants(deps: Deps, personId: PersonId): Promise<readonly OutsideGrant[]> {
  const [outside, tokens] = await Promise.all([listGrantsOutside(deps, personId), artifactsOf(deps, 'RefreshToken', personId)]);
  const refreshable = new Set(tokens.map(({ grantId }) => grantId));
  return outside.filter(({ artifact }) => refreshable.has(artifact.id));
}
