import type { CheckKind, Sequence } from '../wire/control-byte.ts';

/** Where a sealed frame goes. */
export interface FrameLine {
  readonly address: number;
  readonly sequence: Sequence;
  readonly check?: CheckKind;
}

/** A frame to send, and the channel that replaces the one it was sealed with. A retry repeats the bytes. */
export interface Sealed<Channel> {
  readonly bytes: Uint8Array;
  readonly channel: Channel;
}

/** What a frame held. Its code comes from here: on the wire it may be ciphertext. */
export type Opened<Channel> =
  | { readonly ok: true; readonly code: number; readonly data: Uint8Array; readonly channel: Channel }
  | { readonly ok: false; readonly reason: 'mac_mismatch' | 'cleartext' | 'malformed' };
