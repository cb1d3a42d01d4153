import type { Command } from '../messages/commands.ts';
import type { Reply } from '../messages/replies.ts';
import { type Frame, HEADER_LENGTH, REPLY_BIT } from '../wire/frame.ts';
import { Framer, type FramerCounters } from '../wire/framer.ts';
import { SECURITY_BLOCK_LENGTH_MIN } from '../wire/security-block.ts';
import { describeCommand } from './describe-command.ts';
import { describeReply } from './describe-reply.ts';
import { frameName } from './frame-name.ts';
import { MONITOR_KEYS_MAX, SILENCE_IN_FRAME_MAX_MS } from './limits.ts';
import { ReaderTrack, type TrackedFrame } from './reader-track.ts';
import { isHidden } from './sensitive.ts';
import type { BrokenView, FrameView, LineView, ReaderLineView } from './views.ts';
import { cut, shortHex } from './words.ts';

/** A reader's own key. `address` null: tried with every reader. */
export interface MonitorKey {
  readonly address: number | null;
  /** 16 bytes, or 32 for secure channel 2; stays the caller's, and is needed until `dispose`. */
  readonly scbk: Uint8Array;
}

export interface MonitorOptions {
  /** Without them what is encrypted stays so; SCBK-D stands in the standard and is always tried. At most MONITOR_KEYS_MAX. */
  readonly keys?: readonly MonitorKey[];
  /** Follows a reader on after an osdp_KEYSET that could be read. */
  readonly learnsKeys?: boolean;
  /** Shows cards, PINs and templates. Keys are never shown. */
  readonly reveal?: boolean;
  /** Every whole frame, also one that cannot be decrypted; for captures. */
  readonly onFrame?: (frame: Frame, atMs: number) => void;
}

export interface LineReport {
  readonly line: FramerCounters;
  /** By address. */
  readonly readers: readonly ReaderLineView[];
}

/**
 * Listens to a line, both directions in one stream, and says what it hears; it never speaks. Bytes may be cut anywhere. Never throws for what is
 * on the line. Memory is one unfinished frame and, for each of the 128 addresses, the last command and reply.
 */
export class LineMonitor {
  readonly #options: MonitorOptions;
  readonly #framer: Framer;
  readonly #tracks = new Map<number, ReaderTrack>();
  #views: LineView[] = [];
  #nowMs = 0;
  #lastByteMs: number | null = null;

  /** @throws TypeError too many keys. */
  constructor(options: MonitorOptions = {}) {
    if ((options.keys?.length ?? 0) > MONITOR_KEYS_MAX) throw new TypeError(`a monitor takes at most ${MONITOR_KEYS_MAX} keys`);
    this.#options = options;
    this.#framer = new Framer({ checksum: 'accept', onRejected: (bytes, fault) => this.#broken(bytes, fault) });
  }

  get report(): LineReport {
    const readers = Array.from(this.#tracks.values(), (track) => track.view).toSorted((left, right) => left.address - right.address);
    return { line: this.#framer.counters, readers };
  }

  /** Time is whatever clock the caller has, never going backwards; frames carry the time of their last byte. */
  push(chunk: Uint8Array, nowMs: number): readonly LineView[] {
    const isLate = this.#lastByteMs !== null && nowMs - this.#lastByteMs > SILENCE_IN_FRAME_MAX_MS;
    const before = isLate ? this.flush(this.#lastByteMs ?? nowMs) : [];
    this.#lastByteMs = nowMs;
    this.#nowMs = nowMs;
    return [...before, ...this.#take(this.#framer.push(chunk))];
  }

  /** What was begun is not going on: the end of a record, or of the line. */
  flush(nowMs: number): readonly LineView[] {
    this.#nowMs = nowMs;
    return this.#take(this.#framer.reset());
  }

  /** Destroys every session key that it has derived, and zeroes those that it has learned. */
  dispose(): void {
    for (const track of this.#tracks.values()) track.dispose();
    this.#tracks.clear();
  }

  #take(frames: readonly Frame[]): readonly LineView[] {
    for (const frame of frames) {
      this.#options.onFrame?.(frame, this.#nowMs);
      this.#views.push(this.#look(frame));
    }
    const views = this.#views;
    this.#views = [];
    return views;
  }

  #look(frame: Frame): FrameView {
    const track = this.#trackOf(frame.address);
    const tracked = frame.direction === 'command' ? track.command(frame, this.#nowMs) : track.reply(frame, this.#nowMs);
    const { opened } = tracked;
    const code = opened.code ?? frame.code;
    const hidden = isHidden(frame.direction, code, this.#options.reveal === true);
    // Everybody can decrypt what is under the key of the standard.
    const isPublic = opened.body === 'clear' || opened.keyKind === 'scbk_d';
    return {
      kind: 'frame',
      atMs: this.#nowMs,
      direction: frame.direction,
      address: frame.address,
      sequence: frame.sequence,
      check: frame.check,
      lengthBytes: frame.bytes.length,
      block: frame.block === null ? null : `SCS_${frame.block.type.toString(16).padStart(2, '0')}`,
      keyKind: opened.keyKind,
      mac: opened.mac,
      code,
      name: frameName(frame.direction, opened.code),
      body: opened.body,
      text: describe(frame, tracked, hidden),
      isRedacted: hidden && opened.data !== null && opened.data.length > 0,
      isRepeat: tracked.isRepeat,
      answers: tracked.answers,
      turnaroundMs: tracked.turnaroundMs,
      anomalies: tracked.anomalies,
      hex: toMaskedHex(frame, hidden && isPublic),
    };
  }

  #broken(bytes: Uint8Array, fault: BrokenView['fault']): void {
    const address = (bytes[1] ?? 0) & ~REPLY_BIT;
    // A guess makes no reader known.
    this.#tracks.get(address)?.broken(this.#nowMs);
    this.#views.push({ kind: 'broken', atMs: this.#nowMs, fault, address, lengthBytes: bytes.length });
  }

  #trackOf(address: number): ReaderTrack {
    const known = this.#tracks.get(address);
    if (known !== undefined) return known;
    const { keys = [], learnsKeys = false } = this.#options;
    const scbks = (): readonly Uint8Array[] =>
      keys.filter((key) => key.address === null || key.address === address).map(({ scbk }) => scbk);
    const track = new ReaderTrack(address, { scbks, learns: learnsKeys, nowMs: this.#nowMs });
    this.#tracks.set(address, track);
    return track;
  }
}

function describe(frame: Frame, { opened, message }: TrackedFrame, hidden: boolean): string {
  if (opened.data === null) return 'encrypted';
  if (message === null) return cut(hidden ? `${opened.data.length} bytes, not shown` : shortHex(opened.data));
  return frame.direction === 'command' ? describeCommand(message as Command, hidden) : describeReply(message as Reply, hidden);
}

function toMaskedHex(frame: Frame, isMasked: boolean): string {
  const codeAt = HEADER_LENGTH + (frame.block === null ? 0 : SECURITY_BLOCK_LENGTH_MIN + frame.block.data.length);
  const end = codeAt + 1 + frame.data.length;
  return Array.from(frame.bytes, (byte, at) => (isMasked && at > codeAt && at < end ? '**' : byte.toString(16).padStart(2, '0'))).join(' ');
}
