import type { ReaderScore } from '../domain/face/reader-match.ts';
import type { ReaderId } from '../domain/site/ids.ts';

/** What a reader is to scan, as osdp_BIOREAD numbers it. */
export interface BiometricScan {
  readonly type: number;
  readonly format: number;
  /** 0..255 */
  readonly qualityMin: number;
}

export type BiometricTemplate =
  | { readonly ok: true; readonly quality: number; readonly template: Uint8Array }
  /** `unusable`: of another reader number or type, too long, or empty. */
  | { readonly ok: false; readonly code: 'timeout' | 'unavailable' | 'unusable' };

/** Readers that scan fingers or faces themselves (osdp_BIOREAD, osdp_BIOMATCH), inside their secure channel. They answer within 10 s, or not at all. */
export interface BiometricReaders {
  /** Compares whoever is there with the template, which stays the caller's. One that cannot compare is `unavailable`. */
  match(readerId: ReaderId, scan: BiometricScan, template: Uint8Array): Promise<ReaderScore>;
  /** The template of whoever is there; the receiver zeroes it. */
  scan(readerId: ReaderId, scan: BiometricScan): Promise<BiometricTemplate>;
  /** Ends what the reader is about, here and in the reader. */
  cancel(readerId: ReaderId): void;
}
