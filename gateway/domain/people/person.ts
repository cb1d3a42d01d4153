import type { CredentialId, GrantId, PersonId, ProfileId } from '../site/ids.ts';

/** active; restricted (second factor, step-up); suspended (all ingress and all sessions closed); departed. */
export type Standing = 'active' | 'restricted' | 'suspended' | 'departed';

export interface Person {
  readonly id: PersonId;
  readonly displayName: string;
  readonly email: string | null;
  readonly standing: Standing;
  readonly roles: readonly string[];
  readonly groups: readonly string[];
  /** 0..5 */
  readonly clearance: number;
  /** Epoch ms; null = no end set. */
  readonly employmentEndMs: number | null;
  /** Needs extended release and open times at doors. */
  readonly accessibility: boolean;
  /** Raised by every change of the row. */
  readonly version: number;
}

export type CredentialStatus = 'active' | 'suspended' | 'lost' | 'stolen' | 'revoked';

export interface Badge {
  readonly id: CredentialId;
  readonly personId: PersonId;
  /** `toBadgeKey(card)`: format, facility and number in one string, e.g. `H10301:12:3456`. */
  readonly badgeKey: string;
  readonly status: CredentialStatus;
  /** Epoch ms; null = no limit on that side. */
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
}

export interface Passkey {
  readonly id: CredentialId;
  readonly personId: PersonId;
  /** WebAuthn credential id, base64url. */
  readonly webauthnId: string;
  /** COSE public key, CBOR bytes. */
  readonly publicKey: Uint8Array;
  /** Signature counter as last seen; 0 when the authenticator has none. */
  readonly counter: number;
  readonly transports: readonly string[];
  readonly backedUp: boolean;
  readonly label: string;
  readonly status: CredentialStatus;
  readonly createdAtMs: number;
  /** Null = not since uses are kept. */
  readonly lastUsedAtMs: number | null;
  /** The passkey of the session in which the person added it; null = it came by a link or code, or from before this was kept. */
  readonly addedWith: CredentialId | null;
}

export type ResourceRef =
  | { readonly kind: 'door'; readonly id: string }
  | { readonly kind: 'app'; readonly id: string }
  | { readonly kind: 'vpn_realm'; readonly id: string };

/** A named set of resources of both kinds, granted and withdrawn as one. */
export interface AccessProfile {
  readonly id: ProfileId;
  readonly name: string;
  readonly resources: readonly ResourceRef[];
}

export interface Grant {
  readonly id: GrantId;
  readonly profileId: ProfileId;
  readonly holder: { readonly kind: 'person' | 'group' | 'role'; readonly id: string };
  /** Name of a schedule of the configuration; `always` exists in every one. */
  readonly schedule: string;
  readonly validFromMs: number | null;
  readonly validUntilMs: number | null;
  readonly reason: string;
}
