import type { AppId, PersonId } from '../domain/site/ids.ts';

export interface LiveSession {
  readonly id: string;
  readonly kind: 'provider' | 'app';
  readonly appId: AppId | null;
  readonly startedAtMs: number;
}

/** How a person proved who they are, at the start of a session that still lives. */
export interface LiveSignIn {
  readonly amr: readonly string[];
  readonly acr: string;
  readonly authenticatedAtMs: number;
}

/** What ends together: a browser with the apps that were signed in to in it, or an app that keeps access without one. */
export interface SignIn {
  /** Of the provider session, or of the grant. */
  readonly id: string;
  readonly kind: 'browser' | 'app';
  readonly startedAtMs: number;
  readonly expiresAtMs: number | null;
  /** Without an app: a client that no app has (any more). */
  readonly apps: readonly { readonly appId: AppId | null; readonly clientId: string; readonly startedAtMs: number }[];
}

/** What ended, and how many relying parties acknowledged the back-channel logout token. */
export interface SessionsEnded {
  readonly sessions: number;
  readonly tokens: number;
  readonly logoutTokensSent: number;
  readonly logoutTokensAcknowledged: number;
}

/** Live OIDC sessions of people. Order of an end: provider session, then grants and tokens, then back-channel logout; else a client signs in again. */
export interface LiveSessions {
  ofPerson(personId: PersonId): Promise<readonly LiveSession[]>;
  signInsOf(personId: PersonId): Promise<readonly SignIn[]>;
  /** The newest sign-in of the person's live sessions; null when there is none. */
  signInOf(personId: PersonId): Promise<LiveSignIn | null>;
  /** Ends everything of the person. Logout tokens are sent at once; this resolves when local state is gone and every client answered or timed out (2 s). */
  endAllOf(personId: PersonId, cause: string): Promise<SessionsEnded>;
  /** Ends one provider session with everything that began in it. Null: the person has no such session. */
  endOne(personId: PersonId, sessionId: string, cause: string): Promise<SessionsEnded | null>;
  /** Ends a grant that belongs to no browser. Null: the person has no such grant. */
  endGrant(personId: PersonId, grantId: string, cause: string): Promise<SessionsEnded | null>;
  /** Ends the person's grants, tokens and client session at one app; other apps stay. */
  endAppOf(personId: PersonId, appId: AppId, cause: string): Promise<SessionsEnded>;
}
