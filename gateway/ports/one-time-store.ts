/** What a one-time item is for; keys of different purposes never meet. */
export type OneTimePurpose = 'enrolment' | 'webauthn_challenge' | 'reinstatement';

/** Items alive at once, over all purposes. */
export const ONE_TIME_ITEMS_MAX = 10_000;
/** Longest payload, characters of JSON. */
export const ONE_TIME_PAYLOAD_MAX = 8_192;

/** Small secrets and promises that are used once and expire: enrolment links, WebAuthn challenges, a first operator's request. */
export interface OneTimeStore {
  /** Replaces an item of the same key. @throws store.conflict ONE_TIME_ITEMS_MAX live items, request.too_large */
  put(item: { purpose: OneTimePurpose; key: string; payloadJson: string; expiresAtMs: number; nowMs: number }): Promise<void>;
  /** The payload, leaving the item; null when unknown or expired. */
  peek(purpose: OneTimePurpose, key: string, nowMs: number): Promise<string | null>;
  /** The payload, removing the item: exactly one of many concurrent callers gets it. Null when unknown or expired. */
  take(purpose: OneTimePurpose, key: string, nowMs: number): Promise<string | null>;
}
