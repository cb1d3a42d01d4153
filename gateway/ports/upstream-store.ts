import type { PersonId } from '../domain/site/ids.ts';

/** Which account of an identity provider outside is whose: by its subject, which is never given to another (OpenID Connect Core 5.7). */
export interface UpstreamLink {
  readonly upstreamId: string;
  readonly subject: string;
  readonly personId: PersonId;
  readonly linkedAtMs: number;
}

/** A session of the gateway that began with a sign-in at an identity provider outside, which may end it. */
export interface UpstreamSession {
  readonly upstreamId: string;
  readonly subject: string;
  /** Session at the identity provider; null when it names none. */
  readonly sid: string | null;
  readonly personId: PersonId;
  /** Uid of the provider session here. */
  readonly sessionUid: string;
  readonly expiresAtMs: number;
}

/** Expired sessions that one call clears away at most. */
export const UPSTREAM_SWEEP_MAX = 500;

export interface UpstreamStore {
  linkOfSubject(upstreamId: string, subject: string): Promise<UpstreamLink | null>;
  linkOfPerson(upstreamId: string, personId: PersonId): Promise<UpstreamLink | null>;
  /**
   * Each subject has one person, and each person one subject, per identity provider.
   * @throws store.conflict either of them has another one already
   */
  addLink(link: UpstreamLink): Promise<void>;
  /** False when there was none. */
  removeLink(upstreamId: string, personId: PersonId): Promise<boolean>;
  /** Inserts or replaces what is known of the session; what has expired by `nowMs` is cleared away, UPSTREAM_SWEEP_MAX at a time. */
  saveSession(session: UpstreamSession, nowMs: number): Promise<void>;
  /** Removes and returns the live sessions of the subject and of the `sid`, as far as they are given: exactly one of many callers gets each. */
  takeSessions(
    which: { readonly upstreamId: string; readonly subject: string | null; readonly sid: string | null },
    nowMs: number,
  ): Promise<readonly UpstreamSession[]>;
}
