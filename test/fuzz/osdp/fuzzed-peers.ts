import { destroySessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import { COMMANDS_MAX, URGENT_COMMANDS_MAX } from '#adapters/osdp/session/limits.ts';
import { type SessionState, initialSession, nextTurnMs } from '#adapters/osdp/session/state.ts';
import { step } from '#adapters/osdp/session/step.ts';
import type { SessionEvent } from '#adapters/osdp/session/transition.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { Framer } from '#adapters/osdp/wire/framer.ts';
import { FUZZED_ADDRESS } from './frame-source.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Exchanges within which a session that hears nothing but its reader must be on line. */
const RECOVERY_EXCHANGES_MAX = 200;
const QUEUE_MAX = COMMANDS_MAX + URGENT_COMMANDS_MAX;
const SCBK = Uint8Array.from({ length: 16 }, (_, index) => (index * 37 + 11) & 0xff);

/** A session and a reader that speak with one another while somebody else speaks on the same line. */
export class FuzzedPeers {
  readonly #random: SeededRandom;
  #pd = newReader();
  #state: SessionState = initialSession({ address: FUZZED_ADDRESS, pollIntervalMs: 0, byteTimeMs: 0 });
  #nowMs = 1_000;

  constructor(random: SeededRandom) {
    this.#random = random;
  }

  /** A frame that nobody of the two has sent. */
  hear(frame: Frame): void {
    if (frame.direction === 'command') this.#speakToReader(frame);
    else this.#event({ kind: 'frame', nowMs: this.#nowMs, frame });
    if (this.#state.queue.length > QUEUE_MAX) throw new TypeError('the queue has outgrown its limit');
  }

  /** One exchange; `tamper` sees the reader's true reply before the session does. */
  exchange(tamper: (reply: Uint8Array) => readonly Uint8Array[]): void {
    const sent = this.#turn();
    const reply = sent === null ? null : this.#replyTo(sent);
    if (reply === null) {
      this.#overdue();
      return;
    }
    for (const bytes of tamper(reply)) for (const frame of new Framer().push(bytes)) this.hear(frame);
    if (this.#state.exchange.name === 'awaiting_reply') this.#overdue();
  }

  showCard(): void {
    this.#pd.presentCard(this.#random.bytes(4), 26);
  }

  /** @throws TypeError when the two do not find one another again */
  recover(): void {
    for (let exchanges = 0; this.#state.phase !== 'online'; exchanges += 1) {
      if (exchanges > RECOVERY_EXCHANGES_MAX) throw new TypeError(`stuck in ${this.#state.phase}`);
      this.exchange((reply) => [reply]);
    }
  }

  dispose(): void {
    this.#event({ kind: 'stop', nowMs: this.#nowMs });
    this.#pd.dispose();
  }

  /** The standard lets anybody move a reader with a COMSET in clear; one that was moved is set up anew, as a fitter would. */
  #speakToReader(frame: Frame): Uint8Array | null {
    const reply = this.#pd.handle(frame);
    if (this.#pd.address === FUZZED_ADDRESS) return reply;
    this.#pd.dispose();
    this.#pd = newReader();
    return reply;
  }

  #turn(): Uint8Array | null {
    const dueMs = nextTurnMs(this.#state);
    if (Number.isFinite(dueMs)) this.#nowMs = Math.max(this.#nowMs, dueMs);
    this.#nowMs += 1;
    return this.#event({ kind: 'turn', nowMs: this.#nowMs, handshake: { scbk: SCBK, rndA: this.#random.bytes(8) } });
  }

  #replyTo(sent: Uint8Array): Uint8Array | null {
    const [frame] = new Framer().push(sent);
    return frame === undefined ? null : this.#speakToReader(frame);
  }

  #overdue(): void {
    if (this.#state.exchange.name === 'awaiting_reply') this.#nowMs = Math.max(this.#nowMs, this.#state.exchange.deadlineMs);
    this.#event({ kind: 'reply_overdue', nowMs: this.#nowMs });
  }

  /** What the session sends, if anything. */
  #event(event: SessionEvent): Uint8Array | null {
    const { state, effects } = step(this.#state, event);
    this.#state = state;
    let sent: Uint8Array | null = null;
    for (const effect of effects) {
      if (effect.kind === 'forget_keys') destroySessionKeys(effect.keys);
      if (effect.kind === 'send') sent = effect.bytes;
    }
    return sent;
  }
}

function newReader(): SimulatedPd {
  return new SimulatedPd({ address: FUZZED_ADDRESS, scbk: SCBK });
}
