export interface LinkHandlers {
  /** Bytes can be written from now on. */
  onUp(): void;
  /** Comes once for each `onUp`, and once at the start when the first attempt fails. */
  onDown(): void;
  /** Cut anywhere; the chunk may be reused after the call. */
  onBytes(chunk: Uint8Array): void;
}

/** A line that stays open: whatever happens to it, it is opened again until `close`. */
export interface Link {
  /** Time of one byte on the wire, 0 where there is no wire to wait for. */
  readonly byteTimeMs: number;
  /** Starts opening; never fails, never waits. */
  open(handlers: LinkHandlers): void;
  /** Lost without notice while the link is down: the session's timeouts are the notice. */
  write(bytes: Uint8Array): void;
  /** What is written from now on goes out at this speed, and is listened for at it; null is the line's own. Nothing on a line without speeds. */
  setBaud(baud: number | null): void;
  /** Throws the present connection away and opens another: the peer is there in name only. */
  recycle(): void;
  /** Ends for good. Resolves when nothing is held any more. */
  close(): Promise<void>;
}

/** One attempt at a connection. */
export interface Connection {
  write(bytes: Uint8Array): void;
  /** Behind what was written. Absent where there is no speed to set. */
  setBaud?(baud: number): void;
  /** Ends it; `onClosed` follows. */
  destroy(): void;
}

export interface ConnectionHandlers {
  onOpen(): void;
  onBytes(chunk: Uint8Array): void;
  /** Comes exactly once, also for a connection that never opened. */
  onClosed(): void;
}

export type Connect = (handlers: ConnectionHandlers) => Connection;
