import type { Badge, CredentialStatus, Passkey } from '../domain/people/person.ts';
import type { Pin, PinAttempts } from '../domain/people/pin.ts';
import type { CredentialId, PersonId } from '../domain/site/ids.ts';

/** Most passkeys, and most badges, one person may hold. */
export const CREDENTIALS_PER_PERSON_MAX = 20;

export interface CredentialStore {
  findBadge(badgeKey: string): Promise<Badge | null>;
  badgesOf(personId: PersonId): Promise<readonly Badge[]>;
  /** @throws store.conflict the badge key is taken by another credential, or the person holds the most already. */
  saveBadge(badge: Badge): Promise<void>;
  findPasskey(webauthnId: string): Promise<Passkey | null>;
  passkeysOf(personId: PersonId): Promise<readonly Passkey[]>;
  /**
   * In a full set one that is out of use gives way, the oldest first.
   * @throws store.conflict the WebAuthn id is known already, or the person holds the most already and all are active.
   */
  addPasskey(passkey: Passkey): Promise<void>;
  /** Compare-and-set: false when the stored counter is no longer `from` (a concurrent use, or a clone). */
  advanceCounter(id: CredentialId, from: number, to: number): Promise<boolean>;
  /** Keeps when a passkey was last used; an earlier time changes nothing. */
  markUsed(id: CredentialId, atMs: number): Promise<void>;
  /** @throws resource.unknown there is no such passkey */
  renamePasskey(id: CredentialId, label: string): Promise<void>;
  /** The person's one PIN; null = none. Its bytes are a copy. */
  pinOf(personId: PersonId): Promise<Pin | null>;
  /** Replaces the PIN that the person had, and forgets what was got wrong with that one. */
  savePin(pin: Pin): Promise<void>;
  /** What the person got wrong at readers, by reader id. */
  pinAttemptsOf(personId: PersonId): Promise<readonly PinAttempts[]>;
  /** Replaces what was kept of this person at this reader. */
  savePinAttempts(attempts: PinAttempts): Promise<void>;
  /** @throws resource.unknown */
  setStatus(id: CredentialId, status: CredentialStatus): Promise<void>;
  /** True when at least one active passkey of any person exists. */
  anyPasskey(): Promise<boolean>;
}
