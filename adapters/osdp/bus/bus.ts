import { randomBytes } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';
import { type KeyOf, fetchKey } from '../bus-key.ts';
import { nextDueMs, pickNext } from './bus-schedule.ts';
import { BusWatchdog } from './bus-watchdog.ts';
import { type ExchangeResult, toCommandResult, toExchangeResult } from './exchange-result.ts';
import { NONCE_LENGTH, destroySessionKeys } from '../secure-channel/session-keys.ts';
import { type QueuedCommand, type SessionState, initialSession, isUrgent, wantsHandshake } from '../session/state.ts';
import { step } from '../session/step.ts';
import type { SessionEffect, SessionEvent } from '../session/transition.ts';
import type { Link } from '../transport/link.ts';
import type { Command } from '../messages/commands.ts';
import { MARK } from '../wire/frame.ts';
import { Framer, type FramerCounters } from '../wire/framer.ts';

/** The standard allows 20 ms between characters; a loaded event loop or serial server may bunch them. */
export const INTER_BYTE_TIMEOUT_MS = 50;
/** Longer than the longest frame at 9600 baud: who talks longer than this is not answering. */
const REPLY_HOLD_MAX_MS = 1_600;
/** Turns given in one go before the event loop has its turn again. */
const TURNS_IN_ONE_GO_MAX = 64;

export interface BusOptions {
  readonly link: Link;
  readonly readers: readonly { readonly readerId: ReaderId; readonly address: number }[];
  readonly pollIntervalMs: number;
  readonly keyOf: KeyOf;
  /** Called in the order of decoding; it may enqueue commands. Must not throw. */
  readonly onEffect: (readerId: ReaderId, effect: SessionEffect) => void;
  readonly onKeyUnusable: (readerId: ReaderId, reason: string) => void;
}

export interface BusCounters extends FramerCounters {
  /** Frames sent. */
  readonly exchanges: number;
  readonly overdue: number;
  /** Replies from addresses that are not on this bus. */
  readonly foreign: number;
  readonly recycled: number;
}

/** One reader of the line. Mutable, and the bus's alone. */
interface Slot {
  readonly readerId: ReaderId;
  state: SessionState;
  lastTurnMs: number;
  isBlocked: boolean;
  scbk: Uint8Array | null;
}

/** Drives all readers of one line: owns its clock and its link, gives one reader at a time the word, and decides nothing itself. */
export class Bus {
  readonly #options: BusOptions;
  readonly #slots: readonly Slot[];
  readonly #byAddress: ReadonlyMap<number, Slot>;
  readonly #framer = new Framer();
  readonly #watchdog = new BusWatchdog();
  readonly #waiting = new Map<number, (result: ExchangeResult) => void>();
  readonly #counters = { exchanges: 0, overdue: 0, foreign: 0 };
  #current: Slot | null = null;
  #lastPick: 'urgent' | 'ordinary' = 'ordinary';
  #isUp = false;
  #isStopped = false;
  #isPumping = false;
  #lastByteMs = 0;
  #nextCommandId = 1;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#slots = options.readers.map(({ readerId, address }) => ({
      readerId,
      state: initialSession({ address, pollIntervalMs: options.pollIntervalMs, byteTimeMs: options.link.byteTimeMs }),
      lastTurnMs: 0,
      isBlocked: false,
      scbk: null,
    }));
    this.#byAddress = new Map(this.#slots.map((slot) => [slot.state.config.address, slot]));
  }

  get counters(): BusCounters {
    return { ...this.#framer.counters, ...this.#counters, recycled: this.#watchdog.recycled };
  }

  start(): void {
    this.#options.link.open({
      onUp: () => {
        this.#isUp = true;
        this.#watchdog.linkUp(performance.now());
        this.#runAll('link_up');
        this.#pump();
      },
      onDown: () => {
        this.#isUp = false;
        this.#framer.reset();
        if (!this.#isStopped) this.#runAll('link_down');
        this.#pump();
      },
      onBytes: (chunk) => {
        this.#receive(chunk);
      },
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#runAll('stop');
    for (const slot of this.#slots) dropKey(slot);
    await this.#options.link.close();
  }

  /** Resolves when the reader has answered, or cannot. */
  async send(readerId: ReaderId, command: Command, priority: QueuedCommand['priority']): Promise<CommandResult> {
    const result = await this.exchange(readerId, command, priority);
    return toCommandResult(result);
  }

  /** As `send`, with what the reader answered. */
  exchange(readerId: ReaderId, command: Command, priority: QueuedCommand['priority']): Promise<ExchangeResult> {
    const slot = this.#slots.find((candidate) => candidate.readerId === readerId);
    if (slot === undefined) return Promise.resolve({ ok: false, code: 'reader.unknown' });
    const nowMs = performance.now();
    const id = this.#nextCommandId;
    this.#nextCommandId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#run(slot, { kind: 'command', nowMs, command: { id, command, priority, queuedMs: nowMs } });
      this.#pump();
    });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    this.#lastByteMs = performance.now();
    this.#dispatch(this.#framer.push(chunk), this.#lastByteMs);
    if (this.#watchdog.isFlooded(this.#framer.counters.noiseBytes, this.#lastByteMs)) this.#options.link.recycle();
    this.#pump();
  }

  #dispatch(frames: ReturnType<Framer['push']>, nowMs: number): void {
    for (const frame of frames) {
      // On two wires an ACU hears itself.
      if (frame.direction === 'command') continue;
      const slot = this.#byAddress.get(frame.address);
      if (slot === undefined) this.#counters.foreign += 1;
      else this.#run(slot, { kind: 'frame', nowMs, frame });
      if (slot !== undefined) this.#watchdog.replySeen(nowMs);
    }
  }

  /** Gives turns until somebody's reply is awaited or nobody is due, then sleeps until something is. */
  #pump(): void {
    if (this.#isPumping || this.#isStopped || !this.#isUp) return;
    this.#isPumping = true;
    clearTimeout(this.#timer);
    const nowMs = performance.now();
    for (let turns = 0; this.#current === null && turns < TURNS_IN_ONE_GO_MAX; turns += 1) {
      this.#fetchKeys();
      const slot = pickNext(this.#slots, nowMs, this.#lastPick);
      if (slot === null) break;
      this.#giveTurn(slot, nowMs);
    }
    this.#isPumping = false;
    const wakeMs = this.#current === null ? nextDueMs(this.#slots) : this.#wakeForReplyMs(this.#current);
    if (Number.isFinite(wakeMs) || wakeMs === Number.NEGATIVE_INFINITY) {
      this.#timer = setTimeout(
        () => {
          this.#wake();
        },
        Math.max(wakeMs - performance.now(), 0),
      );
    }
    if (this.#watchdog.isSilent(performance.now())) this.#options.link.recycle();
  }

  #giveTurn(slot: Slot, nowMs: number): void {
    this.#lastPick = isUrgent(slot.state) ? 'urgent' : 'ordinary';
    slot.lastTurnMs = nowMs;
    const handshake = slot.scbk === null ? null : { scbk: slot.scbk, rndA: randomBytes(NONCE_LENGTH) };
    this.#run(slot, { kind: 'turn', nowMs, handshake });
    dropKey(slot);
  }

  #wake(): void {
    const nowMs = performance.now();
    const slot = this.#current;
    if (slot !== null && nowMs >= this.#wakeForReplyMs(slot)) {
      this.#dispatch(this.#framer.reset(), nowMs);
      const { exchange } = slot.state;
      if (exchange.name === 'awaiting_reply' && nowMs >= exchange.deadlineMs) {
        this.#counters.overdue += 1;
        this.#run(slot, { kind: 'reply_overdue', nowMs });
      }
    }
    this.#pump();
  }

  /** The deadline; or, inside a frame, the silence that ends it, which may lie before or a little behind the deadline. */
  #wakeForReplyMs({ state: { exchange } }: Slot): number {
    if (exchange.name !== 'awaiting_reply') return Number.NEGATIVE_INFINITY;
    if (this.#framer.pendingBytes === 0) return exchange.deadlineMs;
    return Math.min(this.#lastByteMs + INTER_BYTE_TIMEOUT_MS, exchange.deadlineMs + REPLY_HOLD_MAX_MS);
  }

  #fetchKeys(): void {
    for (const slot of this.#slots) {
      if (slot.isBlocked || slot.scbk !== null || !wantsHandshake(slot.state)) continue;
      slot.isBlocked = true;
      void this.#fetchKey(slot);
    }
  }

  /** Owned by the slot: it stays blocked until this ends, and this always ends. */
  async #fetchKey(slot: Slot): Promise<void> {
    const key = await fetchKey(this.#options.keyOf, slot.readerId);
    slot.isBlocked = false;
    if (key.ok) slot.scbk = key.scbk;
    if (this.#isStopped || !wantsHandshake(slot.state)) {
      dropKey(slot);
    } else if (!key.ok) {
      this.#options.onKeyUnusable(slot.readerId, key.reason);
      this.#run(slot, { kind: 'key_missing', nowMs: performance.now() });
    }
    this.#pump();
  }

  #runAll(kind: 'link_up' | 'link_down' | 'stop'): void {
    const nowMs = performance.now();
    for (const slot of this.#slots) this.#run(slot, { kind, nowMs });
  }

  #run(slot: Slot, event: SessionEvent): void {
    const { state, effects } = step(slot.state, event);
    slot.state = state;
    if (state.exchange.name === 'awaiting_reply') this.#current = slot;
    else if (this.#current === slot) this.#current = null;
    for (const effect of effects) this.#perform(slot, effect);
  }

  #perform(slot: Slot, effect: SessionEffect): void {
    if (effect.kind === 'send') {
      this.#counters.exchanges += 1;
      this.#watchdog.frameSent();
      this.#options.link.write(marked(effect.bytes));
    } else if (effect.kind === 'forget_keys') {
      destroySessionKeys(effect.keys);
    } else if (effect.kind === 'command_done') {
      const resolve = this.#waiting.get(effect.id);
      this.#waiting.delete(effect.id);
      resolve?.(toExchangeResult(effect));
    } else {
      this.#options.onEffect(slot.readerId, effect);
    }
  }
}

/** A mark first, so that the line settles. */
function marked(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 1);
  bytes[0] = MARK;
  bytes.set(frame, 1);
  return bytes;
}

function dropKey(slot: Slot): void {
  slot.scbk?.fill(0);
  slot.scbk = null;
}
