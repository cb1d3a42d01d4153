import type { CredentialId, PersonId, SessionId } from '../domain/site/ids.ts';

/** A browser at the console or at the people's side, or a CLI token. The bearer secret is not here: only its SHA-256. */
export interface ConsoleSession {
  readonly id: SessionId;
  readonly personId: PersonId;
  readonly kind: 'console' | 'cli' | 'portal';
  /** SHA-256 of the bearer secret, hex. */
  readonly secretSha256: string;
  readonly createdAtMs: number;
  readonly authenticatedAtMs: number;
  /** What the sign-in showed: RFC 8176 values, its class, and whether the authenticator verified the person. */
  readonly amr: readonly string[];
  readonly acr: string;
  readonly userVerified: boolean;
  /** The passkey that it began with; null = begun by a release that did not keep it. */
  readonly credentialId: CredentialId | null;
  readonly expiresAtMs: number;
}

/** Live sessions of each kind that one person may have; the oldest of the kind gives way. */
export const CONSOLE_SESSIONS_PER_PERSON_MAX = 10;

export interface SessionStore {
  create(session: ConsoleSession): Promise<void>;
  /** Null when unknown or expired at `nowMs`. */
  findBySecret(secretSha256: string, nowMs: number): Promise<ConsoleSession | null>;
  ofPerson(personId: PersonId, nowMs: number): Promise<readonly ConsoleSession[]>;
  end(id: SessionId): Promise<boolean>;
  /** Returns what was ended. One transaction. */
  endAllOf(personId: PersonId): Promise<readonly ConsoleSession[]>;
}
