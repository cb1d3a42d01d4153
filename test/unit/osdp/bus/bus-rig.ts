import { Bus, type BusOptions } from '#adapters/osdp/bus/bus.ts';
import type { SessionEffect } from '#adapters/osdp/session/transition.ts';
import { type ModelLink, createModelLink } from '#adapters/osdp/simulator/model-link.ts';
import { SimulatedPd } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { LineReader, TimedLineModelOptions } from '#adapters/osdp/simulator/timed-line-model.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { FakeBusClock } from './fake-bus-clock.ts';

export const readerId = (address: number): ReaderId => `reader_${address}` as ReaderId;
export const CARD = Uint8Array.of(0x12, 0x34, 0x56, 0x40);

export function scbkOf(address: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, index) => (index * 29 + address * 7 + 5) & 0xff);
}

export interface Heard {
  readonly readerId: ReaderId;
  readonly atMs: number;
  readonly effect: SessionEffect;
}

/** A bus and its readers on a timed line, all in fake time. Address of a reader = its place in the list. */
export class BusRig {
  readonly clock = new FakeBusClock();
  readonly pds: readonly SimulatedPd[];
  readonly link: ModelLink;
  readonly bus: Bus;
  readonly heard: Heard[] = [];
  /** What the owner of the bus does about it. */
  onEffect: ((readerId: ReaderId, effect: SessionEffect) => void) | null = null;

  constructor(
    readers: readonly Omit<LineReader, 'device'>[],
    options: Partial<Omit<TimedLineModelOptions, 'readers'>> &
      Partial<Pick<BusOptions, 'pollIntervalMs'>> & { readonly known?: number } = {},
  ) {
    const { pollIntervalMs = 0, known = readers.length, ...line } = options;
    const clock = { nowMs: () => this.clock.nowMs(), after: (delayMs: number, run: () => void) => this.clock.schedule(delayMs, run) };
    this.pds = readers.map((_, address) => new SimulatedPd({ address, scbk: scbkOf(address), clock }));
    this.link = createModelLink(
      { baud: 115_200, turnaroundMs: 1, ...line, readers: readers.map((reader, index) => ({ ...reader, device: this.#pd(index) })) },
      this.clock,
    );
    this.bus = new Bus({
      link: this.link,
      pollIntervalMs,
      clock: this.clock,
      readers: readers.slice(0, known).map((reader, address) => ({
        readerId: readerId(address),
        address,
        ...(reader.baud === undefined ? {} : { baud: reader.baud }),
      })),
      keyOf: (id) => scbkOf(Number(id.slice('reader_'.length))),
      onEffect: (id, effect) => {
        this.heard.push({ readerId: id, atMs: this.clock.nowMs(), effect });
        this.onEffect?.(id, effect);
      },
      onKeyUnusable: () => undefined,
    });
  }

  /** Starts and waits until all that can be are on line. */
  async start(waitMs = 2_000): Promise<void> {
    this.bus.start();
    await this.clock.advance(waitMs);
  }

  async stop(): Promise<void> {
    await this.bus.stop();
    for (const pd of this.pds) pd.dispose();
  }

  of(kind: SessionEffect['kind'], address?: number): readonly Heard[] {
    return this.heard.filter((heard) => heard.effect.kind === kind && (address === undefined || heard.readerId === readerId(address)));
  }

  /** Polls of one reader in the next `durationMs`. */
  async pollsDuring(address: number, durationMs: number): Promise<number> {
    const before = this.#polls(address);
    await this.clock.advance(durationMs);
    return this.#polls(address) - before;
  }

  #polls(address: number): number {
    return this.bus.readerCounters.get(readerId(address))?.polls ?? 0;
  }

  #pd(index: number): SimulatedPd {
    const pd = this.pds[index];
    if (pd === undefined) throw new TypeError('no such reader');
    return pd;
  }
}
