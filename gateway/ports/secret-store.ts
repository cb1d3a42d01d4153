/** Named secrets of the gateway: reader keys, signing keys, cookie keys. Stored encrypted, never logged, never listed with values. */
export interface SecretStore {
  /** A copy that the caller owns and zeroes; null when there is none. @throws secret.unavailable it exists and cannot be opened. */
  read(name: string): Promise<Uint8Array | null>;
  /** Inserts or replaces. */
  write(name: string, value: Uint8Array): Promise<void>;
  /** Inserts only when absent; returns the stored value either way, so that concurrent first starts agree. */
  readOrCreate(name: string, create: () => Uint8Array): Promise<Uint8Array>;
  names(prefix: string): Promise<readonly string[]>;
}
