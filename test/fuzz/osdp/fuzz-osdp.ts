import { performance } from 'node:perf_hooks';
import { type Command, commandTable } from '#adapters/osdp/messages/commands.ts';
import { extendedIdentity } from '#adapters/osdp/messages/extended-identity.ts';
import type { MessageTable } from '#adapters/osdp/messages/message-table.ts';
import { type Assembly, ASSEMBLY_MAX, assemblePart } from '#adapters/osdp/messages/multi-part.ts';
import { type Reply, replyTable } from '#adapters/osdp/messages/replies.ts';
import type { Frame } from '#adapters/osdp/wire/frame.ts';
import { FRAMER_BUFFER_MAX, Framer } from '#adapters/osdp/wire/framer.ts';
import { FrameSource } from './frame-source.ts';
import { FuzzedPeers } from './fuzzed-peers.ts';
import { SeededRandom } from './seeded-random.ts';

/** Crashes whose reason is kept; the rest are only counted. */
export const CRASH_REASONS_MAX = 10;
const FRAMES_BETWEEN_LOOKS = 20_000;
const BYTES_OF_A_MB = 1_048_576;

export interface FuzzOptions {
  readonly frames: number;
  readonly seed: number;
}

export interface FuzzResult {
  readonly frames: number;
  /** Whole frames that the framer found among them: what got as far as the codecs. */
  readonly accepted: number;
  readonly crashes: number;
  readonly reasons: readonly string[];
  readonly rssStartMb: number;
  readonly rssMaxMb: number;
  readonly seconds: number;
  readonly seed: number;
}

/**
 * Feeds right, nearly right and random frames to framer, codecs, a session and a reader. A crash is anything that throws, a queue or buffer beyond its limit,
 * a message that reads differently after it was written again, and two peers that do not find one another once the line is quiet.
 */
export function fuzzOsdp({ frames, seed }: FuzzOptions): FuzzResult {
  const run = new FuzzRun(seed);
  const startMs = performance.now();
  run.attempt(0, () => {
    run.recover();
  });
  const rssStart = process.memoryUsage.rss();
  let rssMax = rssStart;
  for (let index = 1; index <= frames; index += 1) {
    run.attempt(index, () => {
      run.next();
    });
    if (index % FRAMES_BETWEEN_LOOKS !== 0 && index !== frames) continue;
    run.attempt(index, () => {
      run.recover();
    });
    rssMax = Math.max(rssMax, process.memoryUsage.rss());
  }
  run.dispose();
  return {
    ...run.outcome(),
    frames,
    rssStartMb: Math.round(rssStart / BYTES_OF_A_MB),
    rssMaxMb: Math.round(rssMax / BYTES_OF_A_MB),
    seconds: Number(((performance.now() - startMs) / 1_000).toFixed(1)),
    seed,
  };
}

class FuzzRun {
  readonly #random: SeededRandom;
  readonly #source: FrameSource;
  readonly #strict = new Framer();
  readonly #lenient = new Framer({ checksum: 'accept' });
  readonly #reasons: string[] = [];
  #peers: FuzzedPeers;
  #assembly: Assembly | null = null;
  #accepted = 0;
  #crashes = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.#source = new FrameSource(this.#random, seed);
    this.#peers = new FuzzedPeers(this.#random);
  }

  outcome(): { readonly accepted: number; readonly crashes: number; readonly reasons: readonly string[] } {
    return { accepted: this.#accepted, crashes: this.#crashes, reasons: this.#reasons };
  }

  attempt(index: number, action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#crashes += 1;
      if (this.#reasons.length < CRASH_REASONS_MAX)
        this.#reasons.push(`frame ${index}: ${error instanceof Error ? (error.stack ?? error.message) : 'thrown'}`);
      this.#peers.dispose();
      this.#peers = new FuzzedPeers(this.#random);
    }
  }

  next(): void {
    const bytes = this.#source.next();
    const isSilent = this.#random.below(4) === 0;
    for (const framer of [this.#strict, this.#lenient]) {
      const frames = framer.push(bytes);
      if (isSilent) frames.push(...framer.reset());
      if (framer.pendingBytes > FRAMER_BUFFER_MAX) throw new TypeError('the framer holds more than its buffer');
      for (const frame of frames) this.#take(frame, framer === this.#strict);
    }
    if (this.#random.below(8) === 0) this.#exchange();
  }

  recover(): void {
    this.#peers.recover();
  }

  dispose(): void {
    this.#peers.dispose();
  }

  #take(frame: Frame, isStrict: boolean): void {
    if (isStrict) this.#accepted += 1;
    if (frame.direction === 'command') this.#readCommand(frame);
    else this.#readReply(frame);
    if (isStrict) this.#peers.hear(frame);
  }

  #readCommand(frame: Frame): void {
    const parsed = commandTable.parse(frame.code, frame.data);
    if (parsed.ok) expectSame(commandTable, parsed.message);
  }

  #readReply(frame: Frame): void {
    const parsed = replyTable.parse(frame.code, frame.data);
    if (!parsed.ok) return;
    expectSame(replyTable, parsed.message);
    if (parsed.message.name !== 'EXT_PDID') return;
    const next = assemblePart(this.#assembly, parsed.message.body);
    this.#assembly = next.assembly;
    if ((next.assembly?.received ?? 0) > ASSEMBLY_MAX) throw new TypeError('an assembly has outgrown its limit');
    if (next.payload !== null) extendedIdentity.parse(next.payload);
  }

  /** The true reply, changed, sometimes before or after itself. */
  #exchange(): void {
    if (this.#random.below(8) === 0) this.#peers.showCard();
    const choice = this.#random.below(8);
    this.#peers.exchange((reply) => {
      if (choice < 4) return [reply];
      const changed = this.#source.mutate(reply);
      if (choice === 4) return [changed];
      if (choice === 5) return [changed, reply];
      return choice === 6 ? [reply, reply] : [];
    });
  }
}

/** A message that was read can be written, and says the same when it is read again. */
function expectSame<Message extends Command | Reply>(table: MessageTable<Message>, message: Message): void {
  const { code, data } = table.encode(message);
  const again = table.parse(code, data);
  if (!again.ok) throw new TypeError(`${message.name} cannot be read again`);
  const repeated = table.encode(again.message);
  if (Buffer.compare(repeated.data, data) !== 0) throw new TypeError(`${message.name} reads differently`);
}
