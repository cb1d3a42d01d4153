import type { AppId, PersonId } from '../../domain/site/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { SignIn } from '../../ports/live-sessions.ts';
import type { OidcArtifact, OidcStore } from '../../ports/oidc-store.ts';
import { readSession, standingAppsOf } from '../sessions/stored-sessions.ts';

interface Deps {
  readonly store: OidcStore;
  readonly clock: Clock;
  readonly appIdOf: (clientId: string) => AppId | null;
}

interface OutsideGrant {
  readonly artifact: OidcArtifact;
  readonly clientId: string;
  readonly startedAtMs: number;
  /** When the last of what was given for it ends. */
  readonly expiresAtMs: number;
}

const artifactsOf = ({ store, clock }: Deps, model: string, personId: PersonId): Promise<readonly OidcArtifact[]> =>
  store.ofPerson(model, personId, clock.nowMs());

/** Browsers with their apps, and apps that keep access without a browser. */
export async function listSignIns(deps: Deps, personId: PersonId): Promise<readonly SignIn[]> {
  const { appIdOf } = deps;
  const [artifacts, grants] = await Promise.all(['Session', 'Grant'].map((model) => artifactsOf(deps, model, personId)));
  const outside = await outsideOf(deps, personId, grants ?? []);
  const browsers = (artifacts ?? []).map((artifact): SignIn => {
    const session = readSession(artifact);
    const standing = standingAppsOf(session, grants ?? []);
    const apps = standing.map(({ clientId, startedAtMs }) => ({ appId: appIdOf(clientId), clientId, startedAtMs }));
    return { id: session.uid, kind: 'browser', startedAtMs: (session.loginTs ?? 0) * 1_000, expiresAtMs: artifact.expiresAtMs, apps };
  });
  const alone = outside.map(({ artifact, clientId, expiresAtMs, startedAtMs }): SignIn => {
    const apps = [{ appId: appIdOf(clientId), clientId, startedAtMs }];
    return { id: artifact.id, kind: 'app', startedAtMs, expiresAtMs, apps };
  });
  return [...browsers, ...alone];
}

/** Access that no browser's session holds: what a back-channel sign-in was given, or will be at the app's next question. */
export async function listGrantsOutside(deps: Deps, personId: PersonId): Promise<readonly OutsideGrant[]> {
  return outsideOf(deps, personId, await artifactsOf(deps, 'Grant', personId));
}

async function outsideOf(deps: Deps, personId: PersonId, grants: readonly OidcArtifact[]): Promise<readonly OutsideGrant[]> {
  const held = await Promise.all(
    ['AccessToken', 'RefreshToken', 'BackchannelAuthenticationRequest'].map((model) => artifactsOf(deps, model, personId)),
  );
  const endsAtMs = new Map<string, number>();
  for (const { expiresAtMs, grantId, payloadJson } of held.flat()) {
    // What was given in a browser ends with its session.
    const { sessionUid } = JSON.parse(payloadJson) as { readonly sessionUid?: string };
    if (grantId === null || sessionUid !== undefined) continue;
    endsAtMs.set(grantId, Math.max(endsAtMs.get(grantId) ?? 0, expiresAtMs ?? Number.POSITIVE_INFINITY));
  }
  return grants.flatMap((artifact) => {
    const { clientId, iat } = JSON.parse(artifact.payloadJson) as { readonly clientId?: string; readonly iat?: number };
    const expiresAtMs = endsAtMs.get(artifact.id);
    return clientId === undefined || expiresAtMs === undefined
      ? []
      : [{ artifact, clientId, startedAtMs: (iat ?? 0) * 1_000, expiresAtMs: Math.min(expiresAtMs, artifact.expiresAtMs ?? expiresAtMs) }];
  });
}
