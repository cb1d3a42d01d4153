import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { CommandResult } from '#gateway/ports/readers.ts';
import type { Command } from '../messages/commands.ts';
import { destroySessionKeys } from '../secure-channel/session-keys.ts';
import type { SessionState } from '../session/state.ts';
import type { RawCommand } from '../session/in-flight.ts';
import { step } from '../session/step.ts';
import type { SessionEffect, SessionEvent } from '../session/transition.ts';
import type { Link } from '../transport/link.ts';
import type { Direction } from '../wire/direction.ts';
import { type Frame, MARK } from '../wire/frame.ts';
import { type BusClock, systemBusClock } from './bus-clock.ts';
import type { KeyOf } from './bus-key.ts';
import { type Choice, NO_TURNS_YET, type ScheduleMemory, chooseTurn, remember } from './bus-schedule.ts';
import { BusWatchdog } from './bus-watchdog.ts';
import type { ExchangeResult } from './exchange-result.ts';
import { type HeardCounters, LineEar } from './line-ear.ts';
import { LineReaders } from './line-readers.ts';
import { LineTimer } from './line-timer.ts';
import { LineTrouble } from './line-trouble.ts';
import { OpenCommands, type OnProgress } from './open-commands.ts';
import type { ReaderCounters } from './reader-metrics.ts';
import { type BusReader, type Slot, coolDown, dropKey, heat, isReport, isTraffic, takesPollFirst } from './reader-slot.ts';
import { SlotKeys } from './slot-keys.ts';
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

export interface BusCounters extends HeardCounters {
  /** Frames sent. */
  readonly exchanges: number;
  readonly overdue: number;
  readonly recycled: number;
}

export interface InspectedReader {
  readonly address: number;
  readonly state: SessionState;
  readonly baud: number | null;
  readonly isKeyShared: boolean;
  readonly nowMs: number;
}

/** Drives all readers of one line: owns its clock and its link, gives one reader at a time the word, and decides nothing itself. */
export class Bus {
  /** Overhears the line, while somebody looks at it. Must not throw. */
  tap: ((direction: Direction, bytes: Uint8Array, nowMs: number) => void) | null = null;
  readonly #options: BusOptions;
  readonly #clock: BusClock;
  readonly #readers = new LineReaders();
  readonly #keys: SlotKeys;
  readonly #timer: LineTimer;
  readonly #ear: LineEar;
  readonly #watchdog = new BusWatchdog();
  readonly #trouble = new LineTrouble();
  readonly #turn = new Turn();
  readonly #commands = new OpenCommands();
  readonly #counters = { exchanges: 0, overdue: 0 };
  readonly #schedule: ScheduleMemory = { ...NO_TURNS_YET };
  #current: Slot | null = null;
  #turns = 0;
  #speed: number | null = null;
  #isUp = false;
  #isStopped = false;
  #isPumping = false;

  constructor(options: BusOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemBusClock;
    this.#ear = new LineEar({
      readers: this.#readers,
      onReply: (slot, frame) => this.#onReply(slot, frame),
      onOverheard: ({ readerId }) => options.onEffect(readerId, { kind: 'alarm', code: 'osdp.second_master' }),
    });
    this.#timer = new LineTimer(this.#clock, () => this.#wake());
    this.#keys = new SlotKeys({
      keyOf: options.keyOf,
      isWanted: (slot) => !this.#isStopped && this.#readers.has(slot),
      onFetched: (slot, failure) => {
        if (failure !== null) {
          options.onKeyUnusable(slot.readerId, failure);
          this.#run(slot, { kind: 'key_missing', nowMs: this.#clock.nowMs() });
        }
        this.#pump();
      },
    });
    for (const reader of options.readers) this.#enter(reader);
  }

  get counters(): BusCounters {
    return { ...this.#ear.counters, ...this.#counters, recycled: this.#watchdog.recycled };
  }

  /** What each reader did since it was added. */
  get readerCounters(): ReadonlyMap<ReaderId, ReaderCounters> {
    return new Map(this.#readers.slots.map(({ readerId, metrics }) => [readerId, metrics.counters]));
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
        this.#ear.giveUp();
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
    this.#timer.stop();
    this.#runAll('stop');
    for (const slot of this.#readers.slots) dropKey(slot);
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
    const slot = this.#readers.byId(readerId);
    if (slot === undefined) return false;
    this.#run(slot, { kind: 'stop', nowMs: this.#clock.nowMs() });
    dropKey(slot);
    this.#readers.leave(slot);
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
    onProgress: OnProgress | null = null,
  ): Promise<ExchangeResult> {
    const slot = this.#readers.byId(readerId);
    if (slot === undefined) return Promise.resolve({ ok: false, code: 'reader.unknown' });
    return this.#commands.begin((id) => {
      this.#run(slot, eventOf(id, this.#clock.nowMs()));
      this.#pump();
    }, onProgress);
  }

  /** Tells a session something that has no end to wait for. False when the reader is not here. */
  tell(readerId: ReaderId, eventOf: (nowMs: number) => SessionEvent): boolean {
    const slot = this.#readers.byId(readerId);
    if (slot === undefined) return false;
    this.#run(slot, eventOf(this.#clock.nowMs()));
    this.#pump();
    return true;
  }

  /** What is known of a reader now; null when it is not here. */
  inspect(readerId: ReaderId): InspectedReader | null {
    const slot = this.#readers.byId(readerId);
    if (slot === undefined) return null;
    const { address, state, baud, isKeyShared } = slot;
    return { address, state, baud, isKeyShared, nowMs: this.#clock.nowMs() };
  }

  /** Somebody on this line has the address, or may soon have it. */
  isTaken(address: number): boolean {
    return this.#readers.isTaken(address);
  }

  #enter(reader: BusReader): Slot {
    const { pollIntervalMs, link } = this.#options;
    return this.#readers.enter(reader, { pollIntervalMs, byteTimeMs: link.byteTimeMs });
  }

  #receive(chunk: Uint8Array): void {
    if (this.#isStopped) return;
    const nowMs = this.#clock.nowMs();
    this.#turn.bytesCame(nowMs);
    this.tap?.('reply', chunk, nowMs);
    const isReplyAwaited = this.#current !== null;
    const frames = this.#ear.hear(chunk);
    const { noiseBytes, badCheck, badLength } = this.#ear.counters;
    this.#turn.badFramesSeen(badCheck + badLength, this.#current);
    this.#ear.dispatch(frames);
    this.#noteNoise(isReplyAwaited, nowMs);
    if (this.#watchdog.isFlooded(noiseBytes, nowMs)) this.#options.link.recycle();
    this.#pump();
  }

  /** Nobody can tell whose bytes they are: the first reader stands for its line. */
  #noteNoise(isReplyAwaited: boolean, nowMs: number): void {
    const [first] = this.#readers.slots;
    const isTrouble = this.#trouble.isNoise(this.#ear.takeNoise(), isReplyAwaited, nowMs);
    if (isTrouble && first !== undefined) this.#options.onEffect(first.readerId, { kind: 'excess', code: 'osdp.line_noise' });
  }

  #onReply(slot: Slot, frame: Frame): void {
    const nowMs = this.#clock.nowMs();
    const wasAwaited = this.#current === slot;
    if (wasAwaited) slot.hasMore = false;
    this.#run(slot, { kind: 'frame', nowMs, frame });
    if (wasAwaited && this.#current !== slot) this.#turn.replied(slot, frame.bytes.length, nowMs);
    this.#watchdog.replySeen(nowMs);
  }

  /** Gives turns until somebody's reply is awaited or nobody is due, then sleeps until something is. */
  #pump(): void {
    if (this.#isPumping || this.#isStopped || !this.#isUp) return;
    this.#isPumping = true;
    const nowMs = this.#clock.nowMs();
    let wakeMs = nowMs;
    for (let turns = 0; this.#current === null && turns < TURNS_IN_ONE_GO_MAX; turns += 1) {
      this.#keys.fetchFor(this.#readers.slots);
      const choice = chooseTurn(this.#readers.slots, nowMs, this.#schedule);
      wakeMs = choice.nextDueMs;
      if (choice.reader === null) break;
      wakeMs = nowMs;
      remember(this.#schedule, choice.pick, nowMs);
      this.#giveTurn(choice.reader, choice.pick, nowMs);
    }
    this.#isPumping = false;
    this.#timer.sleepUntil(this.#current === null ? wakeMs : this.#turn.wakeMs(this.#ear.pendingBytes));
    if (this.#watchdog.isSilent(nowMs)) this.#options.link.recycle();
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
    this.#run(slot, { kind: 'turn', nowMs, handshake: this.#keys.handshakeOf(slot), isPollFirst });
    dropKey(slot);
  }

  #wake(): void {
    const nowMs = this.#clock.nowMs();
    const slot = this.#current;
    if (slot !== null && nowMs >= this.#turn.wakeMs(this.#ear.pendingBytes)) {
      const isStalled = this.#turn.isStalled(this.#ear.pendingBytes, nowMs) && this.#trouble.isStall(nowMs);
      if (isStalled) this.#options.onEffect(slot.readerId, { kind: 'excess', code: 'osdp.reply_stalled' });
      this.#ear.dispatch(this.#ear.giveUp());
      this.#noteNoise(true, nowMs);
      if (this.#current === slot && nowMs >= this.#turn.deadlineMs) {
        this.#counters.overdue += 1;
        this.#turn.missed(slot, nowMs);
        this.#run(slot, { kind: 'reply_overdue', nowMs });
      }
    }
    this.#pump();
  }

  #runAll(kind: 'link_up' | 'link_down' | 'stop'): void {
    const nowMs = this.#clock.nowMs();
    for (const slot of this.#readers.slots) this.#run(slot, { kind, nowMs });
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
      this.#ear.sent(effect.bytes);
      this.#turn.sent(slot, this.#readers.slots, effect.bytes.length, nowMs);
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
    if (effect.kind === 'line_settings') return this.#readers.move(slot, effect, this.#options.link.byteTimeMs);
    if (effect.kind === 'line_changed') slot.settledBaud = slot.baud;
    if (effect.kind === 'transfer_progress') return this.#commands.progress(effect);
    if (effect.kind !== 'command_done') return this.#options.onEffect(slot.readerId, effect);
    this.#commands.end(effect);
  }
}

/** A mark first, so that the line settles. */
function marked(frame: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(frame.length + 1);
  bytes[0] = MARK;
  bytes.set(frame, 1);
  return bytes;
}
