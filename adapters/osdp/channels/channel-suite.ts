import type { DestroyableKeys } from '../secure-channel/session-keys.ts';
import type { Channel } from './channel.ts';

/** 1 is the standard's; 2 is a draft of it that both ends must be configured for. */
export type ChannelVersion = 1 | 2;

/** What both ends compute from SCBK, RND.A, RND.B and cUID. */
export interface Agreement {
  readonly keys: DestroyableKeys;
  /** What proves the PD and what proves the ACU. */
  readonly clientCryptogram: Uint8Array;
  readonly serverCryptogram: Uint8Array;
  /** Body of osdp_RMAC_I: RMAC_I in secure channel 1, nothing in 2. */
  readonly confirmation: Uint8Array;
  /** Stands once both have proved themselves. */
  readonly channel: Channel;
  /** What only the handshake needed and is to be destroyed now; null when it became part of `keys`. */
  readonly leftover: DestroyableKeys | null;
}

/** What an ACU keeps between osdp_CHLNG and osdp_CCRYPT. */
export interface HandshakeSecret extends DestroyableKeys {
  agree(rndB: Uint8Array, clientId: Uint8Array): Agreement;
}

/** All in which the two secure channels differ before one stands. Their handshakes have the same four messages. */
export interface ChannelSuite {
  readonly version: ChannelVersion;
  readonly scbkLength: number;
  /** Of RND.A and RND.B. */
  readonly nonceLength: number;
  readonly cryptogramLength: number;
  /** Of osdp_KEYSET. */
  readonly keyType: number;
  /** Security block types of the four messages. */
  readonly blocks: {
    readonly challenge: number;
    readonly clientCryptogram: number;
    readonly serverCryptogram: number;
    readonly result: number;
  };
  /** First data byte of the blocks when the key is the reader's own. */
  readonly ownKeyKind: number;
  /** First data byte of the last block when the PD agrees. */
  readonly accepted: number;
  /** SCBK-D exists: a reader can be given its first key over the line. */
  readonly hasDefaultKey: boolean;
  /** The longest body that fits into one frame of this length. */
  readonly bodyMax: (frameMax: number) => number;
  /** `scbk` stays the caller's. */
  begin(scbk: Uint8Array, rndA: Uint8Array): HandshakeSecret;
  /** The key follows from the reader's cUID and this master key, which stays the caller's; null where there is no such way. */
  readonly beginDiversified: ((masterKey: Uint8Array, rndA: Uint8Array) => HandshakeSecret) | null;
}
