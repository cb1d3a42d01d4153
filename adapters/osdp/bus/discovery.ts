import { type Command, commandTable } from '../messages/commands.ts';
import { type Capability, type DeviceIdentity, deviceIdentity } from '../messages/identity-codecs.ts';
import { replyTable } from '../messages/replies.ts';
import { BAUD_RATES } from '../wire/baud-rates.ts';
import type { Link } from '../transport/link.ts';
import { CONFIGURATION_ADDRESS } from '../wire/address.ts';
import { ADDRESS_MAX, type Frame, MARK, encodeFrame } from '../wire/frame.ts';
import { Framer } from '../wire/framer.ts';
import { isSameBytes } from '../wire/same-bytes.ts';
import { type BusClock, systemBusClock } from './bus-clock.ts';

/** A reader answers after about 3 ms; more than this is a serial server far away. */
export const ANSWER_WAIT_DEFAULT_MS = 40;
export const ANSWER_WAIT_MAX_MS = 1_000;
/** Whoever answers is asked so often in all: two readers at one address do not answer alike, or not at the same time. */
export const QUESTIONS_EACH = 3;
/** A clear line is opened in this time or the search ends. */
export const OPEN_MAX_MS = 5_000;
const REPLY_LENGTH_TYPICAL = 64;
const BITS_PER_BYTE = 10;
const ID: Command = { name: 'ID', body: { form: 0 } };
const CAP: Command = { name: 'CAP', body: { form: 0 } };

export type Finding =
  /** Claims: said in clear, by whoever has the line. */
  | {
      readonly kind: 'reader';
      readonly baud: number | null;
      readonly address: number;
      readonly identity: DeviceIdentity;
      readonly capabilities: readonly Capability[] | null;
      /** It does not listen at the speed that its line is configured for. */
      readonly isWrongSpeed: boolean;
    }
  /** Two or more answer here. */
  | { readonly kind: 'address_conflict'; readonly baud: number | null; readonly address: number }
  /** Something spoke after the question, and never in whole frames: another speed, a collision or a bad line. */
  | { readonly kind: 'unreadable'; readonly baud: number | null; readonly address: number };

export interface DiscoveryOptions {
  /** Not open yet, and nobody else's: two masters would speak at once. It is closed at the end. */
  readonly link: Link;
  /** Null asks at the line's own speed only; OSDP's six rates when left out. */
  readonly bauds?: readonly number[] | null;
  /** 0..126; all when left out. */
  readonly addresses?: readonly number[];
  /** The speed that the line is configured for. */
  readonly expectedBaud?: number;
  readonly answerWaitMs?: number;
  readonly onFinding?: (finding: Finding) => void;
  readonly onProgress?: (asked: number, total: number) => void;
  readonly signal?: AbortSignal;
  readonly clock?: BusClock;
}

export type DiscoveryResult =
  | { readonly ok: true; readonly findings: readonly Finding[]; readonly isComplete: boolean }
  | { readonly ok: false; readonly code: 'link.unreachable' };

/**
 * Looks for readers at every speed and address: the configuration address first, where a reader alone on its line is found with one question, then 0..126. It asks osdp_ID and osdp_CAP in clear and nothing
 * else: no key is ever sent. What it hears are claims, good for a proposal to an operator. Ends early, with what it has, when `signal` aborts.
 */
export async function discoverReaders(options: DiscoveryOptions): Promise<DiscoveryResult> {
  const bauds = options.bauds === null ? [null] : (options.bauds ?? BAUD_RATES);
  const addresses = options.addresses ?? Array.from({ length: ADDRESS_MAX + 1 }, (_, address) => address);
  const wrong = addresses.find((address) => !Number.isInteger(address) || address < 0 || address > ADDRESS_MAX);
  if (wrong !== undefined) throw new TypeError(`address must be 0..${ADDRESS_MAX}`);
  const answerWaitMs = Math.min(options.answerWaitMs ?? ANSWER_WAIT_DEFAULT_MS, ANSWER_WAIT_MAX_MS);
  const asker = new Asker(options.link, options.clock ?? systemBusClock, answerWaitMs);
  const findings: Finding[] = [];
  const total = bauds.length * (addresses.length + 1);
  let asked = 0;
  try {
    if (!(await asker.open())) return { ok: false, code: 'link.unreachable' };
    for (const baud of bauds) {
      asker.setBaud(baud);
      for (const address of [CONFIGURATION_ADDRESS, ...addresses]) {
        if (options.signal?.aborted === true) return { ok: true, findings, isComplete: false };
        const finding = await lookAt(asker, { baud, address, expectedBaud: options.expectedBaud ?? null });
        asked += 1;
        options.onProgress?.(asked, total);
        // At the configuration address all answer: that several do is no finding, and one alone is found again under its own.
        if (finding === null || address === CONFIGURATION_ADDRESS) continue;
        findings.push(finding);
        options.onFinding?.(finding);
      }
    }
    return { ok: true, findings, isComplete: true };
  } finally {
    await options.link.close();
  }
}

async function lookAt(
  asker: Asker,
  place: { readonly baud: number | null; readonly address: number; readonly expectedBaud: number | null },
): Promise<Finding | null> {
  const { baud, address, expectedBaud } = place;
  const identities: DeviceIdentity[] = [];
  let garbled = 0;
  for (let question = 0; question < QUESTIONS_EACH; question += 1) {
    const answer = await asker.ask(address, ID);
    if (answer.frames.length === 0 && answer.byteCount === 0) break;
    if (answer.frames.length === 0) garbled += 1;
    for (const frame of answer.frames) {
      const reply = replyTable.parse(frame.code, frame.data);
      if (reply.ok && reply.message.name === 'PDID') identities.push(reply.message.body);
    }
    if (answer.frames.length > 1) garbled += 1;
  }
  const [identity] = identities;
  if (identity === undefined) return garbled === 0 ? null : { kind: 'unreadable', baud, address };
  const isAlone = identities.every((other) => isSameBytes(deviceIdentity.encode(other), deviceIdentity.encode(identity)));
  if (!isAlone || garbled > 1) return { kind: 'address_conflict', baud, address };
  const capabilities = await askCapabilities(asker, address);
  return { kind: 'reader', baud, address, identity, capabilities, isWrongSpeed: expectedBaud !== null && baud !== expectedBaud };
}

async function askCapabilities(asker: Asker, address: number): Promise<readonly Capability[] | null> {
  for (const frame of (await asker.ask(address, CAP)).frames) {
    const reply = replyTable.parse(frame.code, frame.data);
    if (reply.ok && reply.message.name === 'PDCAP') return reply.message.body;
  }
  return null;
}

interface Answer {
  readonly frames: readonly Frame[];
  /** Everything heard, marks and whole frames that are no answer left out. */
  readonly byteCount: number;
}

/** One question at a time on a link of its own. */
class Asker {
  readonly #link: Link;
  readonly #clock: BusClock;
  readonly #answerWaitMs: number;
  readonly #framer = new Framer();
  #byteTimeMs: number;
  #frames: Frame[] = [];
  #byteCount = 0;
  #onAnswer: (() => void) | null = null;

  constructor(link: Link, clock: BusClock, answerWaitMs: number) {
    this.#link = link;
    this.#clock = clock;
    this.#answerWaitMs = answerWaitMs;
    this.#byteTimeMs = link.byteTimeMs;
  }

  open(): Promise<boolean> {
    return new Promise((resolve) => {
      const cancel = this.#clock.schedule(OPEN_MAX_MS, () => resolve(false));
      this.#link.open({
        onUp: () => {
          cancel();
          resolve(true);
        },
        onDown: () => undefined,
        onBytes: (chunk) => this.#hear(chunk),
      });
    });
  }

  setBaud(baud: number | null): void {
    this.#link.setBaud(baud);
    if (baud !== null && this.#link.byteTimeMs > 0) this.#byteTimeMs = (BITS_PER_BYTE * 1_000) / baud;
    this.#framer.reset();
  }

  /** Waits the whole time where anything but one clean reply comes: a second one may follow. */
  ask(address: number, command: Command): Promise<Answer> {
    this.#frames = [];
    this.#byteCount = 0;
    this.#framer.reset();
    const { code, data } = commandTable.encode(command);
    const bytes = encodeFrame({ address, direction: 'command', sequence: 0, check: 'crc', block: null, code, data });
    const wireMs = (bytes.length + 1 + REPLY_LENGTH_TYPICAL) * this.#byteTimeMs;
    this.#link.write(Uint8Array.of(MARK, ...bytes));
    return new Promise((resolve) => {
      const finish = (): void => {
        this.#onAnswer = null;
        this.#take(this.#framer.reset(), address);
        resolve({ frames: this.#frames, byteCount: this.#byteCount });
      };
      const cancel = this.#clock.schedule(wireMs + this.#answerWaitMs, finish);
      let cancelSettling: (() => void) | null = null;
      this.#onAnswer = () => {
        this.#take([], address);
        if (this.#frames.length !== 1 || this.#framer.pendingBytes > 0 || cancelSettling !== null) return;
        // A second reader at this address begins within the turnaround of a slow one.
        cancelSettling = this.#clock.schedule(SETTLE_MS, () => {
          cancel();
          finish();
        });
      };
    });
  }

  #hear(chunk: Uint8Array): void {
    this.#byteCount += countBytes(chunk);
    this.#take(this.#framer.push(chunk), null);
    this.#onAnswer?.();
  }

  /**
   * Only replies; their address is looked at when the answer is read. What is whole and no answer to this question is no noise either: the late
   * answer to another one, or on two wires the question itself.
   */
  #take(frames: readonly Frame[], address: number | null): void {
    this.#frames.push(...frames);
    const isAnswer = (frame: Frame): boolean => frame.direction === 'reply' && (address === null || frame.address === address);
    for (const frame of this.#frames) if (!isAnswer(frame)) this.#byteCount -= countBytes(frame.bytes);
    this.#frames = this.#frames.filter(isAnswer);
  }
}

function countBytes(bytes: Uint8Array): number {
  return bytes.reduce((count, byte) => (byte === MARK ? count : count + 1), 0);
}

/** How long a second answer is waited for behind a whole first one. */
export const SETTLE_MS = 5;
