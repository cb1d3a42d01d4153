/** Cryptographic randomness. */
export interface Random {
  bytes(lengthBytes: number): Uint8Array;
  /** `prefix_` and 128 random bits in base32 (lower case, no padding): decision, session and credential ids. */
  id(prefix: string): string;
}
