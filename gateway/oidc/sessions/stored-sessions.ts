import type { OidcArtifact } from '../../ports/oidc-store.ts';
import type { StoredSession } from './app-sessions.ts';

/** One client inside one provider session. */
export interface AppSession {
  readonly sessionUid: string;
  readonly clientId: string;
  readonly grantId: string;
  readonly sid: string | undefined;
  readonly startedAtMs: number;
}

export function readSession(artifact: OidcArtifact): StoredSession {
  // Written by the provider through the storage adapter only.
  return JSON.parse(artifact.payloadJson) as StoredSession;
}

export function appSessionsOf(session: StoredSession): readonly AppSession[] {
  return Object.entries(session.authorizations ?? {}).flatMap(([clientId, { grantId, sid, startedAtMs }]) =>
    grantId === undefined || startedAtMs === undefined ? [] : [{ sessionUid: session.uid, clientId, grantId, sid, startedAtMs }],
  );
}

/** Those whose grants stand. What the provider has ended stays in the session until that is written again. */
export function standingAppsOf(session: StoredSession, grants: readonly OidcArtifact[]): readonly AppSession[] {
  const standing = new Set(grants.map(({ id }) => id));
  return appSessionsOf(session).filter(({ grantId }) => standing.has(grantId));
}
