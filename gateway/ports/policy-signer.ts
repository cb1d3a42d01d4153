export interface PolicyKey {
  readonly keyId: string;
  /** Ed25519, raw (RFC 8032), 32 bytes. */
  readonly publicKey: Uint8Array;
  readonly isCurrent: boolean;
}

/** Signs what may be loaded. The private key never leaves the secret store but for the time of a signature. */
export interface PolicySigner {
  /** Ed25519 (RFC 8032) over a text, with the current key, which is made at first use. base64url. @throws secret.unavailable */
  sign(text: Uint8Array): Promise<{ readonly keyId: string; readonly signature: string }>;
  /** False for a wrong signature, a malformed one and an unknown key. @throws secret.unavailable */
  verify(text: Uint8Array, signed: { readonly keyId: string; readonly signature: string }): Promise<boolean>;
  /** Makes a new current key. What the old one signed still verifies; it signs nothing any more. Returns the new key's id. */
  rotate(): Promise<string>;
  /** All keys there were. */
  keys(): Promise<readonly PolicyKey[]>;
}
