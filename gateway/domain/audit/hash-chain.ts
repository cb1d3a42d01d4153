import { hash } from 'node:crypto';

/** Hash before the first entry: 64 zeros. */
export const GENESIS_HASH = '0'.repeat(64);

export interface ChainLink {
  readonly previousHash: string;
  readonly seq: number;
  readonly arrivedAtMs: number;
  /** The stored JSON text of the record, byte for byte. */
  readonly recordJson: string;
}

/**
 * hash = SHA-256( previousHash as 64 hex characters | "\n" | seq | "\n" | arrivedAtMs | "\n" | recordJson as UTF-8 ), lower-case hex.
 * Over the stored text and not over a re-serialised object: what is verified is what was written.
 */
export function chainHash(link: ChainLink): string {
  return hash('sha256', `${link.previousHash}\n${link.seq}\n${link.arrivedAtMs}\n${link.recordJson}`, 'hex');
}
