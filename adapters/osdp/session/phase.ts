import type { ChannelVersion } from '../channels/channel-suite.ts';

/** The way of a reader from unknown to polled; each phase is one exchange, except `drain` and `online`. All before the first question that is asked again speak in clear. */
export type Phase =
  | 'identify'
  | 'capabilities'
  /** A pairing window: messages of osdp_PAIR in clear, each signed by who it is from. The reader has no key yet. */
  | 'pair'
  | 'challenge'
  | 'cryptogram'
  /** An installation hands out a key here and goes no further. */
  | 'install'
  | 'confirm_identity'
  | 'confirm_capabilities'
  | 'receive_size'
  /** Polled, but what it held back while nobody listened is thrown away, until it has nothing more to say. */
  | 'drain'
  | 'local_status'
  | 'input_status'
  | 'output_status'
  | 'online';

export interface SessionConfig {
  readonly address: number;
  /** At most one poll in this time. 0 polls as often as the line allows. */
  readonly pollIntervalMs: number;
  /** Wire time of one byte: 10 bits on a serial line, 0 on TCP. */
  readonly byteTimeMs: number;
  /** The only one that is spoken with this reader; 1 if not said. */
  readonly secureChannel?: ChannelVersion;
}
