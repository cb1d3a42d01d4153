import type { LineReport, LineView } from '../ports/line-view.ts';
import type { InputState } from '../ports/readers.ts';
import type { Config } from '../platform/config/config.ts';

export type LineAddress =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string; readonly baud: number };

export interface WatchOptions {
  /** Follows the secure channels of this configuration's readers with their keys; null leaves encrypted what is. */
  readonly keysOf: Config | null;
  /** Shows cards and PINs. Keys are never shown. */
  readonly reveal: boolean;
  readonly onView: (view: LineView) => void;
}

export type FoundReader =
  | {
      readonly kind: 'reader';
      readonly baud: number | null;
      readonly address: number;
      readonly identity: string;
      /** It says that it knows the secure channel. Said in clear: a claim. */
      readonly claimsSecureChannel: boolean;
    }
  | { readonly kind: 'address_conflict' | 'unreadable'; readonly baud: number | null; readonly address: number };

export interface ScanOptions {
  readonly line: LineAddress;
  /** Null asks at the line's own speed only. */
  readonly bauds: readonly number[] | null;
  readonly onFound: (found: FoundReader) => void;
  readonly onProgress: (asked: number, total: number) => void;
  readonly signal: AbortSignal;
}

export interface SimulatedReaderSettings {
  readonly address: number;
  /** 16 bytes, copied; null is a reader in install mode, which takes the key printed in the standard until it is given its own. */
  readonly key: Uint8Array | null;
}

/** What a hand does to a simulated reader. @throws TypeError no such input */
export interface SimulatedHands {
  presentCard(bits: Uint8Array, bitCount: number): void;
  /** Digits, `*` and `#`. */
  pressKeys(keys: string): void;
  setTampered(tampered: boolean): void;
  setInput(input: number, state: InputState): void;
}

export interface Simulation {
  /** Where it can be reached, in words. */
  readonly place: string;
  /** In the order of the settings. */
  readonly readers: readonly SimulatedHands[];
  close(): Promise<void>;
}

/** What commands do on reader lines themselves, beside a running gateway or without one. */
export interface OsdpTools {
  readonly bauds: readonly number[];
  /** Listens until `signal` aborts; says nothing. @throws config.invalid the line cannot be reached; request.conflict the file exists */
  sniff(
    options: WatchOptions & {
      readonly line: LineAddress;
      readonly captureFile: string | null;
      /** The line is open: nothing that is said from now on is missed. */
      readonly onListening: () => void;
      readonly signal: AbortSignal;
    },
  ): Promise<LineReport & { readonly lost: number }>;
  /** @throws request.invalid with the line of the file; resource.unknown no such file */
  decode(options: WatchOptions & { readonly file: string }): Promise<LineReport>;
  /** Asks every address at every speed who is there, in clear, and nothing else. False when `signal` aborted it. @throws config.invalid no line */
  scan(options: ScanOptions): Promise<boolean>;
  /** @throws config.invalid the port is taken or cannot be opened */
  simulate(options: {
    /** A TCP server of this machine, or the far end of a serial line. */
    readonly line: { readonly kind: 'listen'; readonly port: number } | Extract<LineAddress, { readonly kind: 'serial' }>;
    readonly readers: readonly SimulatedReaderSettings[];
    /** What a reader is told or does, in words. */
    readonly onTold: (address: number, text: string) => void;
  }): Promise<Simulation>;
}
