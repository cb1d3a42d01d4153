import type { Indication } from '../domain/doors/sign.ts';
import type { ReaderId } from '../domain/site/ids.ts';

/** State of one supervised input, in the order of OSDP ISTATR (osdp_ISTATR values 0..5). */
export type InputState = 'inactive' | 'active' | 'short' | 'open' | 'fault' | 'unknown';

/** What a reader says of itself (osdp_PDID). `serial` is lower-case hex; `firmware` is major.minor.build. */
export interface ReaderIdentity {
  readonly vendor: string;
  readonly model: number;
  readonly version: number;
  readonly serial: string;
  readonly firmware: string;
}

/** What a reader can do (osdp_PDCAP). Numbers are 0 where it has none. */
export interface ReaderCapabilities {
  readonly inputs: number;
  readonly outputs: number;
  readonly leds: number;
  readonly hasLed: boolean;
  readonly hasBuzzer: boolean;
  readonly hasText: boolean;
  readonly textDisplays: number;
  readonly hasAes128: boolean;
  readonly hasSmartCard: boolean;
  readonly hasBiometrics: boolean;
  readonly hasSecurePin: boolean;
  readonly readers: number;
  /** Largest frame that it takes, and largest message in parts; the latter 0 when it does not say. */
  readonly receiveBufferMax: number;
  readonly combinedMessageMax: number;
  readonly osdpVersion: number;
}

/** Why a reader left the bus. */
export type OfflineCause = 'never_seen' | 'timeout' | 'link_down' | 'secure_channel_failed' | 'polls_refused' | 'stopped';

/** A condition of the wire that a person must hear about. Each is one alarm. */
export type ReaderAlarmCode =
  | 'osdp.mac_mismatch'
  | 'osdp.cleartext_refused'
  | 'osdp.key_mismatch'
  | 'osdp.default_key_refused'
  | 'osdp.sequence_anomaly'
  | 'osdp.identity_changed'
  /** The same device with another program. */
  | 'osdp.firmware_changed'
  /** Two devices answer at one address. */
  | 'osdp.address_conflict'
  /** Somebody tries MACs: the reader rests for a while. */
  | 'osdp.mac_failures'
  /** Commands on the line that this gateway did not send. */
  | 'osdp.second_master'
  | 'osdp.card_rate_exceeded'
  | 'osdp.keypad_rate_exceeded'
  /** Its states change faster than anything at a door: the newest one is told now and then. */
  | 'osdp.status_rate_exceeded'
  /** It held reads back while nobody listened, or reported them after a long silence. They are dropped. */
  | 'osdp.stale_read_dropped'
  /** A card in a form from which its bits cannot be told. */
  | 'osdp.card_unusable'
  /** It says that it is busy, and nothing else. */
  | 'osdp.busy_flood'
  /** It refuses one poll after the other; after some more it is off line for that. */
  | 'osdp.polls_refused'
  /** Its reply began and does not end, while bytes go on. */
  | 'osdp.reply_stalled'
  /** Bytes that are no frames. Nobody can tell whose: told of the first reader of the line. */
  | 'osdp.line_noise';

/** What the field reports. `occurredAtMs` is the epoch time at which the gateway decoded the reply. */
export type ReaderEvent =
  | {
      readonly kind: 'online';
      readonly readerId: ReaderId;
      readonly identity: ReaderIdentity;
      /** What it said inside the secure channel; absent when it gave no list. */
      readonly capabilities?: ReaderCapabilities;
      readonly secure: true;
      readonly occurredAtMs: number;
    }
  | {
      readonly kind: 'offline';
      readonly readerId: ReaderId;
      readonly cause: OfflineCause;
      readonly occurredAtMs: number;
    }
  | {
      /** `bits` is big-endian, left-aligned: bit 0 is the top bit of byte 0; owned by the receiver. */
      readonly kind: 'card_read';
      readonly readerId: ReaderId;
      readonly bits: Uint8Array;
      readonly bitCount: number;
      readonly occurredAtMs: number;
    }
  | {
      /** Digits, `*` and `#`, in the order in which they were pressed; as many as the reader sends at once. */
      readonly kind: 'keypad';
      readonly readerId: ReaderId;
      readonly keys: string;
      readonly occurredAtMs: number;
    }
  | {
      readonly kind: 'inputs';
      readonly readerId: ReaderId;
      readonly inputs: readonly InputState[];
      readonly occurredAtMs: number;
    }
  | {
      readonly kind: 'outputs';
      readonly readerId: ReaderId;
      readonly active: readonly boolean[];
      readonly occurredAtMs: number;
    }
  | {
      readonly kind: 'local_status';
      readonly readerId: ReaderId;
      readonly tampered: boolean;
      readonly powerFailed: boolean;
      readonly occurredAtMs: number;
    }
  | {
      readonly kind: 'alarm';
      readonly readerId: ReaderId;
      readonly code: ReaderAlarmCode;
      /**
       * With the conditions that go on, from `osdp.card_rate_exceeded` to `osdp.line_noise` above, and only there: how often it showed since the
       * event before (reads dropped, reports held back, polls refused ..). The counts of one alarm add up to all of them; the last one says
       * that it is over.
       */
      readonly dropped?: { readonly count: number; readonly isOver: boolean };
      readonly occurredAtMs: number;
    };

export type CommandResult =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly code:
        | 'reader.unknown'
        | 'reader.offline'
        | 'reader.queue_full'
        | 'reader.refused'
        /** It has no such output, light, buzzer or display, or does not do that. */
        | 'reader.unsupported'
        | 'reader.timeout'
        | 'reader.aborted';
    };

/** All readers of this node, whatever bus they hang on. */
export interface Readers {
  /** Opens every bus. Resolves when the buses are driven, not when readers answer: a dead line must not stop the rest. */
  start(): Promise<void>;
  /** Stops polling and closes every link; afterwards every reader is offline with cause `stopped`. */
  stop(): Promise<void>;
  /** Events come in the order in which they were decoded. Returns the function that ends the subscription. */
  subscribe(listener: (event: ReaderEvent) => void): () => void;
  /**
   * Energises an output for `durationMs` (100..6,553,500, rounded up to 100 ms; the reader itself ends it) or ends it now with 0.
   * It leaves in the reader's next slot, before any other command. Resolves `ok` only when the reader acknowledged it.
   */
  pulseOutput(readerId: ReaderId, output: number, durationMs: number): Promise<CommandResult>;
  /** Drives light, buzzer and display, as far as the reader has them. */
  indicate(readerId: ReaderId, indication: Indication): Promise<CommandResult>;
}
