/** What WebAuthn calls the relying party, from the public URL. */
export interface WebauthnSettings {
  /** Origin under which browsers reach the gateway, without a trailing slash. */
  readonly publicUrl: string;
  readonly enrolmentLinkTtlS: number;
}

/** Life of a challenge: the person finds the authenticator, not longer. */
export const CHALLENGE_TTL_MS = 300_000;
export const CHALLENGE_BYTES = 32;
/** 256 bits: a link cannot be guessed within its life. */
export const ENROLMENT_TOKEN_BYTES = 32;

export const PASSKEY_ACR = 'urn:gatehouse:acr:passkey';
/** RFC 8176: proof of possession of a hardware-secured key, user presence and verification by the authenticator. */
const DEVICE_BOUND_AMR: readonly string[] = ['hwk', 'user', 'mfa'];
/** The same of a key that is synced: it leaves the hardware that made it, so that only software is proved. */
const SYNCED_AMR: readonly string[] = ['swk', 'user', 'mfa'];

export function passkeyAmr(isBackedUp: boolean): readonly string[] {
  return isBackedUp ? SYNCED_AMR : DEVICE_BOUND_AMR;
}

/** WebAuthn 5.1.2: the RP ID is the host without port; origins are compared whole. */
export function relyingPartyOf(publicUrl: string): { readonly id: string; readonly origin: string } {
  const { hostname, origin } = new URL(publicUrl);
  return { id: hostname, origin };
}
