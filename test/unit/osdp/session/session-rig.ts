import { randomBytes } from 'node:crypto';
import { destroySessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import type { CommandDone } from '#adapters/osdp/session/command-result.ts';
import type { QueuedCommand } from '#adapters/osdp/session/in-flight.ts';
import { type SessionState, initialSession, nextTurnMs } from '#adapters/osdp/session/state.ts';
import { step } from '#adapters/osdp/session/step.ts';
import type { SessionEffect, SessionEvent } from '#adapters/osdp/session/transition.ts';
import { SimulatedPd, type SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import { type Frame, encodeFrame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';

export const SCBK = Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + 11) & 0xff);
/** A key of secure channel 2. */
export const SCBK2 = Uint8Array.from({ length: 32 }, (_, index) => (index * 37 + 11) & 0xff);
const POLL_INTERVAL_MS = 25;

/** A session and a simulated PD with nothing between them but this: no socket, no timer, a clock that only tests move. */
export class SessionRig {
  readonly pd: SimulatedPd;
  readonly effects: SessionEffect[] = [];
  state: SessionState;
  nowMs = 1_000;
  scbk: Uint8Array | null;
  next: Uint8Array | null = null;
  readonly #secureChannel: 1 | 2;
  #commandId = 0;

  /** Both ends speak the secure channel of the options, unless `acu` is to speak another one. */
  constructor(options: Partial<SimulatedPdOptions> = {}, acu: 1 | 2 = options.secureChannel ?? 1) {
    this.#secureChannel = acu;
    this.scbk = acu === 1 ? SCBK : SCBK2;
    this.state = initialSession({ address: 1, pollIntervalMs: POLL_INTERVAL_MS, byteTimeMs: 0, secureChannel: acu });
    this.pd = new SimulatedPd({ address: 1, scbk: options.secureChannel === 2 ? SCBK2 : SCBK, ...options });
  }

  event(event: SessionEvent): readonly SessionEffect[] {
    const { state, effects } = step(this.state, event);
    this.state = state;
    for (const effect of effects) {
      if (effect.kind === 'forget_keys') destroySessionKeys(effect.keys);
      if (effect.kind === 'forget_secret') effect.secret.fill(0);
    }
    this.effects.push(...effects);
    return effects;
  }

  /** Gives the session a turn at the time at which it wants one; the bytes it sends, if any. */
  turn(): Uint8Array | null {
    const dueMs = nextTurnMs(this.state);
    if (Number.isFinite(dueMs)) this.nowMs = Math.max(this.nowMs, dueMs);
    const effects = this.event({
      kind: 'turn',
      nowMs: this.nowMs,
      handshake: { scbk: this.scbk, next: this.next, rndA: randomBytes(this.#secureChannel === 1 ? 8 : 16) },
    });
    const sent = effects.find((effect) => effect.kind === 'send');
    return sent?.kind === 'send' ? sent.bytes : null;
  }

  hear(bytes: Uint8Array): readonly SessionEffect[] {
    return this.event({ kind: 'frame', nowMs: this.nowMs, frame: frameOf(bytes) });
  }

  /** What the PD says to these bytes. */
  replyTo(bytes: Uint8Array): Uint8Array {
    const reply = this.pd.handle(frameOf(bytes));
    if (reply === null) throw new TypeError('the simulated reader is silent');
    return reply;
  }

  overdue(): readonly SessionEffect[] {
    if (this.state.exchange.name === 'awaiting_reply') this.nowMs = this.state.exchange.deadlineMs;
    return this.event({ kind: 'reply_overdue', nowMs: this.nowMs });
  }

  /** One whole exchange. */
  exchange(): void {
    const sent = this.turn();
    if (sent === null) return;
    this.nowMs += 1;
    const reply = this.pd.handle(frameOf(sent));
    if (reply === null) this.overdue();
    else this.hear(reply);
  }

  /** Exchanges until it is so. */
  until(isSo: () => boolean, exchangesMax = 400): void {
    for (let exchanges = 0; !isSo(); exchanges += 1) {
      if (exchanges > exchangesMax) throw new TypeError(`never came; ${this.state.phase}; ${this.kinds().slice(-8).join(' ')}`);
      this.exchange();
    }
  }

  /** Exchanges until the command has ended; how it did. */
  untilDone(id: number): CommandDone {
    this.until(() => this.done(id) !== undefined);
    const done = this.done(id);
    if (done === undefined) throw new TypeError('it has not');
    return done;
  }

  /** Codes of the commands sent so far. */
  sentCodes(): readonly number[] {
    return this.effects.flatMap((effect) => (effect.kind === 'send' ? [frameOf(effect.bytes).code] : []));
  }

  bringOnlineKeepingEffects(): void {
    for (let exchanges = 0; this.state.phase !== 'online'; exchanges += 1) {
      if (exchanges > 40) throw new TypeError('the session does not come on line');
      this.exchange();
    }
  }

  bringOnline(): this {
    this.bringOnlineKeepingEffects();
    this.effects.length = 0;
    return this;
  }

  command(command: QueuedCommand['command'], priority: QueuedCommand['priority'] = 'normal'): readonly SessionEffect[] {
    this.#commandId += 1;
    return this.event({ kind: 'command', nowMs: this.nowMs, command: { id: this.#commandId, command, priority, queuedMs: this.nowMs } });
  }

  /** A reply in clear, as somebody on the wire could put it there. */
  forged(reply: Reply, sequence = this.state.sequence): Uint8Array {
    return encodeFrame({ address: 1, direction: 'reply', sequence, check: 'crc', block: null, ...replyTable.encode(reply) });
  }

  kinds(): readonly string[] {
    return this.effects.filter(({ kind }) => kind !== 'send').map(({ kind }) => kind);
  }

  /** How the command ended; undefined while it has not. */
  done(id: number): CommandDone | undefined {
    return this.effects.flatMap((effect) => (effect.kind === 'command_done' && effect.id === id ? [effect] : []))[0];
  }

  alarms(): readonly string[] {
    return this.effects.flatMap((effect) => (effect.kind === 'alarm' ? [effect.code] : []));
  }
}

export function frameOf(bytes: Uint8Array): Frame {
  const [frame] = new Framer().push(bytes);
  if (frame === undefined) throw new TypeError('not a frame');
  return frame;
}
