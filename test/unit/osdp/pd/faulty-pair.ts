import { randomBytes } from 'node:crypto';
import type { ChannelVersion } from '#adapters/osdp/channels/channel-suite.ts';
import type { Channel } from '#adapters/osdp/channels/channel.ts';
import { suiteOf } from '#adapters/osdp/channels/suite-of.ts';
import type { Command } from '#adapters/osdp/messages/commands.ts';
import { destroySessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import { type SessionState, initialSession, nextTurnMs } from '#adapters/osdp/session/state.ts';
import { step } from '#adapters/osdp/session/step.ts';
import type { SessionEffect, SessionEvent } from '#adapters/osdp/session/transition.ts';
import { createLineResponder } from '#adapters/osdp/simulator/simulated-line.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import { nextSequence } from '#adapters/osdp/wire/control-byte.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { FakePdClock } from './fake-pd-clock.ts';

/** What the line does to one frame. */
export type Fault =
  | { readonly kind: 'drop' }
  | { readonly kind: 'corrupt'; readonly bit: number }
  | { readonly kind: 'cut'; readonly share: number }
  | { readonly kind: 'duplicate' }
  | { readonly kind: 'delay'; readonly ms: number }
  /** It arrives behind the next one. */
  | { readonly kind: 'reorder' }
  | { readonly kind: 'noise'; readonly bytes: Uint8Array };

export type Direction = 'to_pd' | 'to_acu';

const ADDRESS = 1;
const POLL_INTERVAL_MS = 40;

/** The two state machines, a line between them that does what a test wants, and a clock that stands still meanwhile. */
export class FaultyPair {
  readonly clock = new FakePdClock();
  readonly pd: SimulatedPd;
  readonly effects: SessionEffect[] = [];
  readonly shown: number[] = [];
  readonly read: number[] = [];
  /** Thrown away by the session and counted. */
  readonly stale: number[] = [];
  /** Gone with the reader's power. */
  readonly forgiven = new Set<number>();
  /** Which states the relay may have after all that was ordered and may or may not have arrived. */
  relay = new Set([false]);
  state: SessionState;
  readonly #orders = new Map<number, boolean>();
  readonly #faults: { readonly [D in Direction]: Fault[] } = { to_pd: [], to_acu: [] };
  readonly #held: { readonly [D in Direction]: Uint8Array[] } = { to_pd: [], to_acu: [] };
  readonly #framer = new Framer();
  readonly #respond: (chunk: Uint8Array) => void;
  readonly #scbk: Uint8Array;
  readonly #nonceLength: number;
  #commandId = 0;
  #lastTold: number | null = null;
  #wasCut = false;

  constructor(secureChannel: ChannelVersion = 1) {
    const { scbkLength, nonceLength } = suiteOf(secureChannel);
    this.#scbk = Uint8Array.from({ length: scbkLength }, (_, index) => (index * 37 + 11) & 0xff);
    this.#nonceLength = nonceLength;
    this.pd = new SimulatedPd({ address: ADDRESS, scbk: this.#scbk, secureChannel, clock: this.clock });
    this.state = initialSession({ address: ADDRESS, pollIntervalMs: POLL_INTERVAL_MS, byteTimeMs: 0, secureChannel });
    this.#respond = createLineResponder([this.pd], (reply) => this.#transmit('to_acu', reply), this.clock);
  }

  /** For the next frame of that direction. */
  inject(direction: Direction, fault: Fault): void {
    this.#faults[direction].push(fault);
  }

  healLine(): void {
    for (const direction of ['to_pd', 'to_acu'] as const) {
      this.#faults[direction].length = 0;
      this.#held[direction].length = 0;
    }
  }

  showCard(): void {
    const card = this.shown.length + 1;
    this.shown.push(card);
    this.pd.presentCard(Uint8Array.of(card), 8);
  }

  cutPower(): void {
    for (const card of this.shown) this.forgiven.add(card);
    this.pd.reboot();
    this.#wasCut = true;
    this.relay = new Set([false]);
  }

  /** The id of the command. */
  switchRelay(on: boolean): number {
    const command: Command = { name: 'OUT', body: [{ output: 0, action: on ? 2 : 1, timer100Ms: 0 }] };
    this.#commandId += 1;
    const id = this.#commandId;
    this.#orders.set(id, on);
    this.#event({ kind: 'command', nowMs: this.clock.nowMs(), command: { id, command, priority: 'urgent', queuedMs: this.clock.nowMs() } });
    return id;
  }

  run(durationMs: number): void {
    const endMs = this.clock.nowMs() + durationMs;
    while (this.clock.nowMs() < endMs) {
      this.#acuWorks();
      this.clock.pass(1);
    }
  }

  /** Both ends stand in the same channel at the same place of its chain. */
  isAgreed(): boolean {
    const [acu, pd] = [this.state.security, this.pd.protocol.security];
    if (acu.name !== 'open' || pd.name !== 'open' || this.state.exchange.name !== 'idle') return false;
    return (
      isSamePlace(acu.channel, pd.channel) &&
      this.pd.protocol.sequence !== null &&
      this.state.sequence === nextSequence(this.pd.protocol.sequence)
    );
  }

  dispose(): void {
    this.#event({ kind: 'stop', nowMs: this.clock.nowMs() });
    this.pd.reboot();
    this.pd.dispose();
  }

  #acuWorks(): void {
    const nowMs = this.clock.nowMs();
    const { exchange } = this.state;
    if (exchange.name === 'awaiting_reply') {
      if (nowMs < exchange.deadlineMs) return;
      this.#deliverToAcu(this.#framer.reset());
      if (this.state.exchange.name === 'awaiting_reply') this.#event({ kind: 'reply_overdue', nowMs });
      return;
    }
    if (nextTurnMs(this.state) <= nowMs)
      this.#event({ kind: 'turn', nowMs, handshake: { scbk: this.#scbk, rndA: new Uint8Array(randomBytes(this.#nonceLength)) } });
  }

  #transmit(direction: Direction, bytes: Uint8Array): void {
    const fault = this.#faults[direction].shift();
    if (fault?.kind === 'reorder') {
      this.#held[direction].push(bytes);
      return;
    }
    for (const part of [...disturbed(bytes, fault), ...this.#held[direction].splice(0)]) {
      this.clock.after(fault?.kind === 'delay' ? fault.ms : 1, () => {
        if (direction === 'to_pd') this.#deliverToPd(part);
        else this.#deliverToAcu(this.#framer.push(part));
      });
    }
  }

  #deliverToPd(bytes: Uint8Array): void {
    this.#respond(bytes);
    const { undelivered } = this.pd.protocol;
    if (undelivered?.name === 'RAW') this.#lastTold = undelivered.body.bits[0] ?? 0;
  }

  #deliverToAcu(frames: ReturnType<Framer['push']>): void {
    for (const frame of frames) this.#event({ kind: 'frame', nowMs: this.clock.nowMs(), frame });
  }

  #event(event: SessionEvent): void {
    const { state, effects } = step(this.state, event);
    this.state = state;
    this.effects.push(...effects);
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: SessionEffect): void {
    if (effect.kind === 'send') this.#transmit('to_pd', effect.bytes);
    else if (effect.kind === 'forget_keys') destroySessionKeys(effect.keys);
    else if (effect.kind === 'card_read') this.read.push(effect.bits[0] ?? 0);
    else if (effect.kind === 'discarded' && effect.what === 'stale_card') this.stale.push(this.#lastTold ?? 0);
    else if (effect.kind === 'command_done') this.#ordered(effect.id, effect.result === 'ok');
  }

  #ordered(id: number, isDone: boolean): void {
    const on = this.#orders.get(id);
    this.#orders.delete(id);
    if (on === undefined) return;
    if (isDone) this.relay.clear();
    this.relay.add(on);
    // The power may have gone between the answer of the reader and its arrival.
    if (this.#wasCut) this.relay.add(false);
  }
}

function disturbed(bytes: Uint8Array, fault: Fault | undefined): Uint8Array[] {
  switch (fault?.kind) {
    case 'drop':
      return [];
    case 'corrupt':
      return [Uint8Array.from(bytes, (byte, index) => (index === (fault.bit >> 3) % bytes.length ? byte ^ (1 << (fault.bit & 7)) : byte))];
    case 'cut':
      return [bytes.subarray(0, Math.floor(bytes.length * fault.share))];
    case 'duplicate':
      return [bytes, bytes];
    case 'noise':
      return [Buffer.concat([fault.bytes, bytes])];
    default:
      return [bytes];
  }
}

function equal(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

/** The same chain in secure channel 1, the same counter of the same session in 2. */
function isSamePlace(acu: Channel, pd: Channel): boolean {
  if (acu.version === 1 && pd.version === 1) return equal(acu.commandMac, pd.commandMac) && equal(acu.replyMac, pd.replyMac);
  return acu.version === 2 && pd.version === 2 && acu.counter === pd.counter && equal(acu.clientId, pd.clientId);
}
