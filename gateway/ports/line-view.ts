/** What a passive observer of a reader line makes of it. Nothing in it is a key; cards, PINs and templates only where a person asked for them. */
export type LineView = LineFrame | BrokenFrame;

export interface LineFrame {
  readonly kind: 'frame';
  /** Epoch time of its last byte. */
  readonly atMs: number;
  readonly direction: 'command' | 'reply';
  readonly address: number;
  readonly sequence: number;
  readonly check: 'crc' | 'checksum';
  readonly lengthBytes: number;
  /** Security block, `SCS_17`; null for a frame in clear. */
  readonly block: string | null;
  readonly keyKind: 'scbk' | 'scbk_d' | 'scbk2' | null;
  /** `unverified`: the keys are not known. */
  readonly mac: 'none' | 'valid' | 'wrong' | 'unverified';
  readonly code: number;
  /** The standard's name, without `osdp_`. */
  readonly name: string;
  readonly body: 'none' | 'clear' | 'decrypted' | 'encrypted';
  /** The body in words. */
  readonly text: string;
  readonly isRedacted: boolean;
  /** The same bytes again. */
  readonly isRepeat: boolean;
  /** Name of the command that a reply belongs to. */
  readonly answers: string | null;
  readonly turnaroundMs: number | null;
  /** Codes of what is wrong with it. */
  readonly anomalies: readonly string[];
  /** The bytes on the wire; `**` for those that may not be shown. */
  readonly hex: string;
}

/** Its address is a guess. */
export interface BrokenFrame {
  readonly kind: 'broken';
  readonly atMs: number;
  readonly fault: 'check' | 'length';
  readonly address: number;
  readonly lengthBytes: number;
}

export interface LineReader {
  readonly address: number;
  readonly security: 'clear' | 'handshake' | 'secure' | 'default_key';
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
  /** By code. */
  readonly anomalies: { readonly [code: string]: number };
}

export interface LineReport {
  readonly frames: number;
  readonly noiseBytes: number;
  readonly badCheck: number;
  readonly readers: readonly LineReader[];
}
