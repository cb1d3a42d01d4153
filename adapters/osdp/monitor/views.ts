import type { CheckKind, Sequence } from '../wire/control-byte.ts';
import type { Direction } from '../wire/direction.ts';

/** What is wrong with a line, each counted for its reader. */
export const ANOMALIES = [
  /** A whole frame, as far as its length says, with a wrong check or impossible inner lengths. */
  'broken_frame',
  /** A card, a key press or a template that everybody on the line can read. */
  'cleartext_credential',
  /** The key printed in the standard protects nothing. */
  'default_key',
  'keyset_in_clear',
  /** Whoever recorded this has the reader's key. */
  'keyset_under_default_key',
  'nak',
  /** A frame that does not fit the chain: forged, replayed, or one before it was missed. */
  'mac_mismatch',
  /** A cryptogram that does not fit the key. */
  'handshake_failed',
  /** Clear text while a secure channel is open, other than what the standard allows. */
  'cleartext_in_channel',
  'sequence_anomaly',
  'second_master',
  /** Two replies to one command. */
  'address_conflict',
  /** Another device than before: cUID or identity differ. */
  'identity_changed',
  /** A reply to nothing. */
  'unexpected_reply',
  'malformed_body',
  'unknown_code',
] as const;
export type Anomaly = (typeof ANOMALIES)[number];

export type MonitorKeyKind = 'scbk' | 'scbk_d' | 'scbk2';

/** One frame as an observer sees it. Nothing in it is a key; cards, PINs and templates only where they were asked for. */
export interface FrameView {
  readonly kind: 'frame';
  /** As given with the bytes. */
  readonly atMs: number;
  readonly direction: Direction;
  readonly address: number;
  readonly sequence: Sequence;
  readonly check: CheckKind;
  readonly lengthBytes: number;
  /** `SCS_17`; null for a frame in clear. */
  readonly block: string | null;
  /** Of the channel or handshake that the frame belongs to, as far as it could be seen. */
  readonly keyKind: MonitorKeyKind | null;
  /** `unverified`: the keys are not known. */
  readonly mac: 'none' | 'valid' | 'wrong' | 'unverified';
  readonly code: number;
  /** The standard's name; `0x99` for a code that no table has, `?` for one that is encrypted. */
  readonly name: string;
  readonly body: 'none' | 'clear' | 'decrypted' | 'encrypted';
  /** The body in words. */
  readonly text: string;
  readonly isRedacted: boolean;
  /** The same bytes again: a retry, or a reply that was said twice. */
  readonly isRepeat: boolean;
  /** Name of the command that a reply belongs to. */
  readonly answers: string | null;
  readonly turnaroundMs: number | null;
  readonly anomalies: readonly Anomaly[];
  /** The bytes on the wire; `**` for those that may not be shown. */
  readonly hex: string;
}

/** A frame that could not be read; its address is a guess. */
export interface BrokenView {
  readonly kind: 'broken';
  readonly atMs: number;
  readonly fault: 'check' | 'length';
  readonly address: number;
  readonly lengthBytes: number;
}

export type LineView = FrameView | BrokenView;

/** What is known of the reader at one address. */
export interface ReaderLineView {
  readonly address: number;
  /** `secure` under a key of its own; `clear` when nothing else was seen. */
  readonly security: 'clear' | 'handshake' | 'secure' | 'default_key';
  /** In words, as it last said; null before. */
  readonly identity: string | null;
  readonly commands: number;
  readonly replies: number;
  readonly repeats: number;
  readonly unanswered: number;
  readonly naks: number;
  readonly busy: number;
  readonly macsValid: number;
  readonly macsWrong: number;
  readonly turnaround: { readonly count: number; readonly minMs: number; readonly meanMs: number; readonly maxMs: number } | null;
  readonly anomalies: { readonly [Code in Anomaly]?: number };
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
}
