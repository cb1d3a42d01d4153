/** What a one-time item is for; keys of different purposes never meet. */
export type OneTimePurpose =
  | 'enrolment'
  | 'enrolment_challenge'
  | 'enrolment_withdrawn'
  | 'webauthn_challenge'
  | 'reinstatement'
  | 'recovery_badge'
  | 'face_terminal'
  | 'desk_code'
  | 'desk_order'
  | 'desk_challenge'
  | 'desk_outcome'
  | 'vpn_code'
  | 'vpn_login'
  | 'vpn_certificate'
  | 'upstream_sign_in'
  | 'upstream_logout';

/**
 * Live items of each purpose. No purpose can crowd out another: anybody may ask for a sign-in challenge, but only operators make links
 * and reinstatement requests, and only holders of a link ask for the challenge of an enrolment.
 */
export const ONE_TIME_ITEMS_MAX: Readonly<Record<OneTimePurpose, number>> = {
  enrolment: 10_000,
  enrolment_challenge: 10_000,
  enrolment_withdrawn: 10_000,
  webauthn_challenge: 10_000,
  reinstatement: 10_000,
  recovery_badge: 10_000,
  face_terminal: 1_000,
  desk_code: 10_000,
  desk_order: 10_000,
  desk_challenge: 20_000,
  desk_outcome: 20_000,
  vpn_code: 10_000,
  vpn_login: 10_000,
  vpn_certificate: 20_000,
  upstream_sign_in: 10_000,
  upstream_logout: 10_000,
};

/** In a full pool of these the item that expires first gives way: a refusal would let whoever fills the pool lock everybody out. */
export const GIVING_WAY: ReadonlySet<OneTimePurpose> = new Set([
  'enrolment_challenge',
  'webauthn_challenge',
  'desk_challenge',
  'desk_outcome',
  'vpn_code',
  'vpn_login',
  'vpn_certificate',
  'upstream_sign_in',
  'upstream_logout',
]);

/** Longest payload, characters of JSON. */
export const ONE_TIME_PAYLOAD_MAX = 8_192;

/** Small secrets and promises that are used once and expire: enrolment links, WebAuthn challenges, a first operator's request. */
export interface OneTimeStore {
  /**
   * Replaces an item of the same key. Expired items make room first; then a purpose of GIVING_WAY drops its oldest.
   * @throws store.conflict the purpose has ONE_TIME_ITEMS_MAX live items and none gives way; request.too_large
   */
  put(item: { purpose: OneTimePurpose; key: string; payloadJson: string; expiresAtMs: number; nowMs: number }): Promise<void>;
  /**
   * As `put`, but only where the key has no live item: exactly one of many concurrent callers gets true, and the others change nothing.
   * @throws store.conflict, request.too_large as `put`
   */
  putNew(item: { purpose: OneTimePurpose; key: string; payloadJson: string; expiresAtMs: number; nowMs: number }): Promise<boolean>;
  /** The payload, leaving the item; null when unknown or expired. */
  peek(purpose: OneTimePurpose, key: string, nowMs: number): Promise<string | null>;
  /** The payload, removing the item: exactly one of many concurrent callers gets it. Null when unknown or expired. */
  take(purpose: OneTimePurpose, key: string, nowMs: number): Promise<string | null>;
}
