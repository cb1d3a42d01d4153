import type { KoaContextWithOIDC } from 'oidc-provider';
import type { AppAuthorization } from './app-sessions.ts';

/** A session of the provider, as far as it is looked at here. */
export interface SeenSession {
  readonly uid: string;
  readonly acr?: string | undefined;
  readonly amr?: readonly string[] | undefined;
  readonly loginTs?: number | undefined;
  readonly authorizations?: Record<string, AppAuthorization> | undefined;
}

/** The sign-in session of a token, as the request that shows the token has read it. */
export interface SeenSessions {
  /** What the provider has read in the request. */
  note(request: object, session: SeenSession): void;
  /** Undefined when there is none, or it has ended. */
  of(request: KoaContextWithOIDC, uid: string): Promise<SeenSession | undefined>;
}

/**
 * Before the provider takes a token it looks whether the token's session lives. What it has read there answers the questions of this
 * program about the same session in the same request; without it every refresh and every introspection reads the session twice.
 */
export function createSeenSessions(): SeenSessions {
  const seen = new WeakMap<object, SeenSession>();
  return {
    note: (request, session) => void seen.set(request, session),
    of: async (request, uid) => {
      const session = seen.get(request);
      return session?.uid === uid ? session : request.oidc.provider.Session.findByUid(uid);
    },
  };
}
