import { randomBytes } from 'node:crypto';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';
import { type KeyOf, fetchKey } from '../bus-key.ts';
import { suiteOf } from '../channels/suite-of.ts';
import type { Command } from '../messages/commands.ts';
import { destroySessionKeys } from '../secure-channel/session-keys.ts';
import { type SessionState, wantsHandshake, wantsNonce } from '../session/state.ts';
import type { RawCommand } from '../session/in-flight.ts';
import { step } from '../session/step.ts';
import type { SessionEffect, SessionEvent } from '../session/transition.ts';
import type { Link } from '../transport/link.ts';
import type { Direction } from '../wire/direction.ts';
import { type Frame, MARK } from '../wire/frame.ts';
import { Framer, type FramerCounters } from '../wire/framer.ts';
import { type BusClock, systemBusClock } from './bus-clock.ts';
import { type Choice, NO_TURNS_YET, type ScheduleMemory, chooseTurn, remember } from './bus-schedule.ts';
import { BusWatchdog } from './bus-watchdog.ts';
import { type ExchangeResult, toExchangeResult } from './exchange-result.ts';
import type { ReaderCounters } from './reader-metrics.ts';
import { OwnCommands } from './own-commands.ts';
import {
  type BusReader,
  type Slot,
  claimsAddress,
  coolDown,
  createSlot,
  dropKey,
  heat,
  isReport,
  isTraffic,
  moveSlot,
  takesPollFirst,
} from './reader-slot.ts';
import { Turn } from './turn.ts';

/** Turns given in one go before the event loop has its turn again. */
const TURNS_IN_ONE_GO_MAX = 64;

export interface BusOptions {
  readonly link: Link;
  readonly readers: readonly BusReader[];
  readonly pollIntervalMs: number;
  readonly keyOf: KeyOf;
  /** Called in the order of decoding; it may enqueue commands. Must not throw. */
  readonly onEffect: (readerId: ReaderId, effect: SessionEffect) => void;
  readonly onKeyUnusable: (readerId: ReaderId, reason: string) => void;
  /** The machine's own when left out. */
  readonly clock?: BusClock;
}

export interface BusCounters extends FramerCounters {
  /** Frames sent. */
  readonly exchanges: number;
  readonly overdue: number;
  /** Replies from addresses that are not on this bus. */
  readonly foreign: number;
  /** Commands of another ACU. */
  readonly overheard: number;
  readonly recycled: number;
}

/** Drives all readers of one line: owns its clock and its link, gives one reader at a time the word, and decides nothing itself. */
export class Bus {
  /** Overhears the line, while somebody looks at it. Must not throw. */
  tap: ((direction: Direction, bytes: Uint8Array, nowMs: number) => void) | null = null;
  readonly #options: BusOptions;
  readonly #clock: BusClock;
  readonly #slots: Slot[] = [];
  readonly #byAddress = new Map<number, Slot>();
  readonly #byId = new Map<ReaderId, Slot>();
  readonly #framer = new Framer();
  readonly #watchdog = new BusWatchdog();
  readonly #turn = new Turn();
  readonly #waiting = new Map<number, Waiting>();
  readonly #ownCommands = new OwnCommands();
  readonly #counters = { exchanges: 0, overdue: 0, foreign: 0, overheard: 0 };
  readonly #schedule: ScheduleMemory = { ...NO_TURNS_YET };
  #current: Slot | null = null;
  #turns = 0;
  #speed: number | null = null;
  #isUp = false;
  #isStopped = false;
  #isPumping = false;
  #nextCommandId = 1;
  #timerMs = Number.POSITIVE_INFINITY;
  #cancelTimer: (() => void) | null = null;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemBusClock;
    for (const reader of options.readers) this.#enter(reader);
  }

  get counters(): BusCounters {
    return { ...this.#framer.counters, ...this.#counters, recycled: this.#watchdog.recycled };
  }

  /** What each reader did since it was added. */
  get readerCounters(): ReadonlyMap<ReaderId, ReaderCounters> {
    return new Map(this.#slots.map(({ readerId, metrics }) => [readerId, metrics.counters]));
  }

  start(): void {
    this.#options.link.open({
      onUp: () => {
        this.#isUp = true;
        this.#speed = null;
        this.#watchdog.linkUp(this.#clock.nowMs());
        this.#runAll('link_up');
        this.#pump();
      },
      onDown: () => {
        this.#isUp = false;
        this.#framer.reset();
        if (!this.#isStopped) this.#runAll('link_down');
      },
      onBytes: (chunk) => {
        this.#receive(chunk);
      },
    });
  }

  async stop(): Promise<void> {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#runAll('stop');
    for (const slot of this.#slots) dropKey(slot);
    await this.#options.link.close();
  }

  /** While the line runs. @throws TypeError when its address or its id is taken. */
  addReader(reader: BusReader): void {
    const slot = this.#enter(reader);
    if (this.#isUp) this.#run(slot, { kind: 'link_up', nowMs: this.#clock.nowMs() });
    this.#pump();
  }

  /** Ends its session: it goes off line as stopped and its waiting commands fail. False when it is not here. */
  removeReader(readerId: ReaderId): boolean {
    const slot = this.#byId.get(readerId);
    if (slot === undefined) return false;
    this.#run(slot, { kind: 'stop', nowMs: this.#clock.nowMs() });
    dropKey(slot);
    this.#byId.delete(readerId);
    if (this.#byAddress.get(slot.address) === slot) this.#byAddress.delete(slot.address);
    this.#slots.splice(this.#slots.indexOf(slot), 1);
    this.#pump();
    return true;
  }

  /** Resolves when the reader has answered, or cannot. */
  async send(readerId: ReaderId, command: Command, priority: 'urgent' | 'normal'): Promise<CommandResult> {
    const result = await this.exchange(readerId, command, priority);
    return result.ok ? { ok: true } : { ok: false, code: result.code };
  }

  /** As `send`, with what the reader answered. */
  exchange(readerId: ReaderId, command: Command | RawCommand, priority: 'urgent' | 'normal'): Promise<ExchangeResult> {
    return this.operate(readerId, (id, nowMs) => ({ kind: 'command', nowMs, command: { id, command, priority, queuedMs: nowMs } }));
  }

  /** Runs anything of a session that ends with `command_done` under the given id. */
  operate(
    readerId: ReaderId,
    eventOf: (id: number, nowMs: number) => SessionEvent,
    onProgress?: (sentBytes: number, totalBytes: number) => void,
  ): Promise<ExchangeResult> {
    const slot = this.#byId.get(readerId);
    if (slot === undefined) return Promise.resolve({ ok: false, code: 'reader.unknown' });
    const id = this.#nextCommandId;
    this.#nextCommandId += 1;
    return new Promise((resolve) => {
      this.#waiting.set(id, { resolve, onProgress: onProgress ?? null });
      this.#run(slot, eventOf(id, this.#clock.nowMs()));
      this.#pump();
    });
  }

  /** Tells a session something that has no end to wait for. False when the reader is not here. */
  tell(readerId: ReaderId, eventOf: (nowMs: number) => SessionEvent): boolean {
    const slot = this.#byId.get(readerId);
    if (slot === undefined) return false;
    this.#run(slot, eventOf(this.#clock.nowMs()));
    this.#pump();
    return true;
  }

  /** What is known of a reader now; null when it is not here. */
  inspect(
    readerId: ReaderId,
  ): { readonly address: number; readonly state: SessionState; readonly baud: number | null; readonly nowMs: number } | null {
    const slot = this.#byId.get(readerId);
    return slot === undefined ? null : { address: slot.address, state: slot.state, baud: slot.baud, nowMs: this.#clock.nowMs() };
  }

  /** Somebody on this line has the address, or may soon have it. */
  isTaken(address: number): boolean {
    return this.#slots.some((slot) => claimsAddress(slot, address));
  }

  #enter(reader: BusReader): Slot {
    if (this.#byId.has(reader.readerId)) throw new TypeError(`reader ${reader.readerId} is already on this bus`);
    if (this.isTaken(reader.address)) throw new TypeError(`address ${reader.address} is taken`);
    const { pollIntervalMs, link } = this.#options;
    const slot = createSlot(reader, { pollIntervalMs, byteTimeMs: link.byteTimeMs });
    this.#slots.push(slot);
    this.#byId.set(slot.readerId, slot);
    this.#byAddress.set(slot.address, slot);
    return slot;
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    const nowMs = this.#clock.nowMs();
    this.#turn.bytesCame(nowMs);
    this.tap?.('reply', chunk, nowMs);
    const frames = this.#framer.push(chunk);
    const { noiseBytes, badCheck, badLength } = this.#framer.counters;
    this.#turn.badFramesSeen(badCheck + badLength, this.#current);
    this.#dispatch(frames, nowMs);
    if (this.#watchdog.isFlooded(noiseBytes, nowMs)) this.#options.link.recycle();
    this.#pump();
  }

  #dispatch(frames: ReturnType<Framer['push']>, nowMs: number): void {
    for (const frame of frames) {
      if (frame.direction === 'command') {
        this.#overhear(frame);
        continue;
      }
      const slot = this.#byAddress.get(frame.address);
      if (slot === undefined) {
        this.#counters.foreign += 1;
        continue;
      }
      const wasAwaited = this.#current === slot;
      if (wasAwaited) slot.hasMore = false;
      this.#run(slot, { kind: 'frame', nowMs, frame });
      if (wasAwaited && this.#current !== slot) this.#turn.replied(slot, frame.bytes.length, nowMs);
      this.#watchdog.replySeen(nowMs);
    }
  }

  /** On two wires an ACU hears itself. A command that it did not send is another's, whoever it is for. */
  #overhear(frame: Frame): void {
    if (this.#ownCommands.has(frame.bytes)) return;
    this.#counters.overheard += 1;
    const slot = this.#byAddress.get(frame.address) ?? this.#slots[0];
    if (slot !== undefined) this.#options.onEffect(slot.readerId, { kind: 'alarm', code: 'osdp.second_master' });
  }

  /** Gives turns until somebody's reply is awaited or nobody is due, then sleeps until something is. */
  #pump(): void {
    if (this.#isPumping || this.#isStopped || !this.#isUp) return;
    this.#isPumping = true;
    const nowMs = this.#clock.nowMs();
    let wakeMs = nowMs;
    for (let turns = 0; this.#current === null && turns < TURNS_IN_ONE_GO_MAX; turns += 1) {
      this.#fetchKeys();
      const choice = chooseTurn(this.#slots, nowMs, this.#schedule);
      wakeMs = choice.nextDueMs;
      if (choice.reader === null) break;
      wakeMs = nowMs;
      remember(this.#schedule, choice.pick, nowMs);
      this.#giveTurn(choice.reader, choice.pick, nowMs);
    }
    this.#isPumping = false;
    this.#sleepUntil(this.#current === null ? wakeMs : this.#turn.wakeMs(this.#framer.pendingBytes));
    if (this.#watchdog.isSilent(nowMs)) this.#options.link.recycle();
  }

  /** One timer is enough: one that fires too early finds nothing to do and is set anew, which is rarer than a turn. */
  #sleepUntil(wakeMs: number): void {
    if (wakeMs >= this.#timerMs || wakeMs === Number.POSITIVE_INFINITY) return;
    this.#cancelTimer?.();
    this.#timerMs = wakeMs;
    this.#cancelTimer = this.#clock.schedule(Math.max(wakeMs - this.#clock.nowMs(), 0), () => {
      this.#timerMs = Number.POSITIVE_INFINITY;
      this.#wake();
    });
  }

  #giveTurn(slot: Slot, pick: Choice<Slot>['pick'], nowMs: number): void {
    this.#turns += 1;
    // A command beside the round takes nobody's place in it, nor its reader's own.
    if (pick !== 'urgent' && pick !== 'command') slot.lastTurn = this.#turns;
    const isPollFirst = takesPollFirst(slot, pick, nowMs);
    coolDown(slot, nowMs);
    if (slot.baud !== this.#speed) {
      this.#speed = slot.baud;
      this.#options.link.setBaud(slot.baud);
    }
    const { nonceLength } = suiteOf(slot.config.secureChannel);
    const { scbk, nextScbk: next, isMaster } = slot;
    const handshake = wantsNonce(slot.state) ? { scbk, next, isMaster, rndA: randomBytes(nonceLength) } : null;
    this.#run(slot, { kind: 'turn', nowMs, handshake, isPollFirst });
    dropKey(slot);
  }

  #wake(): void {
    const nowMs = this.#clock.nowMs();
    const slot = this.#current;
    if (slot !== null && nowMs >= this.#turn.wakeMs(this.#framer.pendingBytes)) {
      this.#dispatch(this.#framer.reset(), nowMs);
      if (this.#current === slot && nowMs >= this.#turn.deadlineMs) {
        this.#counters.overdue += 1;
        this.#turn.missed(slot, nowMs);
        this.#run(slot, { kind: 'reply_overdue', nowMs });
      }
    }
    this.#pump();
  }

  #fetchKeys(): void {
    for (const slot of this.#slots) {
      if (slot.state.phase !== 'challenge' || slot.isBlocked || slot.scbk !== null || !wantsHandshake(slot.state)) continue;
      slot.isBlocked = true;
      void this.#fetchKey(slot);
    }
  }

  /** Owned by the slot: it stays blocked until this ends, and this always ends. */
  async #fetchKey(slot: Slot): Promise<void> {
    const key = await fetchKey(this.#options.keyOf, slot.readerId, suiteOf(slot.config.secureChannel).scbkLength);
    slot.isBlocked = false;
    if (key.ok) slot.scbk = key.scbk;
    if (key.ok) slot.nextScbk = key.next;
    slot.isMaster = key.ok && key.isMaster;
    const isHere = this.#byId.get(slot.readerId) === slot;
    if (this.#isStopped || !isHere || !wantsHandshake(slot.state)) {
      dropKey(slot);
    } else if (!key.ok) {
      this.#options.onKeyUnusable(slot.readerId, key.reason);
      this.#run(slot, { kind: 'key_missing', nowMs: this.#clock.nowMs() });
    }
    this.#pump();
  }

  #runAll(kind: 'link_up' | 'link_down' | 'stop'): void {
    const nowMs = this.#clock.nowMs();
    for (const slot of this.#slots) this.#run(slot, { kind, nowMs });
  }

  #run(slot: Slot, event: SessionEvent): void {
    const { state, effects } = step(slot.state, event);
    slot.state = state;
    if (state.exchange.name === 'awaiting_reply') this.#current = slot;
    else if (this.#current === slot) this.#current = null;
    for (const effect of effects) this.#perform(slot, effect, event.nowMs);
  }

  #perform(slot: Slot, effect: SessionEffect, nowMs: number): void {
    if (effect.kind === 'send') {
      this.#counters.exchanges += 1;
      this.#watchdog.frameSent();
      this.#ownCommands.sent(effect.bytes);
      this.#turn.sent(slot, this.#slots, effect.bytes.length, nowMs);
      this.tap?.('command', effect.bytes, nowMs);
      this.#options.link.write(marked(effect.bytes));
      return;
    }
    if (effect.kind === 'forget_keys') return destroySessionKeys(effect.keys);
    if (effect.kind === 'offline') slot.metrics.offline += 1;
    if (effect.kind === 'discarded' && effect.what === 'second_reply') slot.patience.wasTooShort();
    if (isTraffic(effect)) heat(slot, nowMs);
    if (isReport(effect)) slot.hasMore = true;
    if (effect.kind === 'forget_secret') return void effect.secret.fill(0);
    if (effect.kind === 'line_settings') return this.#move(slot, effect);
    if (effect.kind === 'line_changed') slot.settledBaud = slot.baud;
    if (effect.kind === 'transfer_progress') return this.#waiting.get(effect.id)?.onProgress?.(effect.sentBytes, effect.totalBytes);
    if (effect.kind !== 'command_done') return this.#options.onEffect(slot.readerId, effect);
    const waiting = this.#waiting.get(effect.id);
    this.#waiting.delete(effect.id);
    waiting?.resolve(toExchangeResult(effect));
  }

  /** A reader that has chosen the address of another is not heard there: the other one was first. */
  #move(slot: Slot, place: { readonly address: number; readonly baud: number | null }): void {
    if (this.#byAddress.get(slot.address) === slot) this.#byAddress.delete(slot.address);
    moveSlot(slot, place, this.#options.link.byteTimeMs);
    if (!this.#byAddress.has(slot.address)) this.#byAddress.set(slot.address, slot);
  }
}

interface Waiting {
  readonly resolve: (result: ExchangeResult) => void;
  readonly onProgress: ((sentBytes: number, totalBytes: number) => void) | null;
}

/** A mark first, so that the line settles. */
function marked(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 1);
  bytes[0] = MARK;
  bytes.set(frame, 1);
  return bytes;
}
