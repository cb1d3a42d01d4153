import { performance } from 'node:perf_hooks';
import type { BusConfig } from '#adapters/osdp/bus/bus-config.ts';
import { type OsdpReaders, type OsdpReadersOptions, createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { ReaderEvent } from '#gateway/ports/readers.ts';

export const CARD = Uint8Array.of(0x12, 0x34, 0x56, 0x40);
const WAIT_MAX_MS = 10_000;

export const readerId = (address: number): ReaderId => `reader_${address}` as ReaderId;

export function scbkOf(address: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, index) => (index * 29 + address * 7 + 5) & 0xff);
}

/** A key of secure channel 2. */
export function scbk2Of(address: number): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => (index * 29 + address * 7 + 5) & 0xff);
}

export interface OsdpSiteOptions {
  readonly baudOf?: (address: number) => number | undefined;
  /** 1 if not said. */
  readonly secureChannel?: 1 | 2;
  /** A key that follows from the address if not said. */
  readonly keyOf?: OsdpReadersOptions['keyOf'];
}

/** A gateway's readers with everything they say, and a way to wait for it. */
export class OsdpSite {
  readonly events: ReaderEvent[] = [];
  readonly readers: OsdpReaders;
  readonly #waiting = new Set<() => void>();

  constructor(link: BusConfig['link'], addresses: readonly number[], pollIntervalMs = 10, options: OsdpSiteOptions = {}) {
    const { baudOf = () => undefined, secureChannel = 1 } = options;
    const { keyOf = (id: ReaderId) => (secureChannel === 1 ? scbkOf : scbk2Of)(Number(id.slice('reader_'.length))) } = options;
    const readers = addresses.map((address) => {
      const baud = baudOf(address);
      return { readerId: readerId(address), address, secureChannel, ...(baud === undefined ? {} : { baud }) };
    });
    this.readers = createOsdpReaders({
      buses: [{ id: 'bus_1', link, pollIntervalMs, readers }],
      keyOf,
      clock: { nowMs: () => Date.now(), monotonicUs: () => performance.now() * 1_000 },
    });
    this.readers.subscribe((event) => {
      this.events.push(event);
      for (const check of this.#waiting) check();
    });
  }

  of(kind: ReaderEvent['kind'], address?: number): readonly ReaderEvent[] {
    return this.events.filter((event) => event.kind === kind && (address === undefined || event.readerId === readerId(address)));
  }

  /** Alarms as they were raised: the end of one is none. */
  alarms(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'alarm' && event.dropped?.isOver !== true ? [event.code] : []));
  }

  /** Conditions that went on and are over. */
  endings(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'alarm' && event.dropped?.isOver === true ? [event.code] : []));
  }

  /** Conditions that went on, as they were raised. */
  bursts(): readonly string[] {
    return this.events.flatMap((event) => (event.kind === 'alarm' && event.dropped?.isOver === false ? [event.code] : []));
  }

  /** How often a condition has shown, over all its reports. */
  countOf(code: string): number {
    return this.events.reduce((sum, event) => (event.kind === 'alarm' && event.code === code ? sum + (event.dropped?.count ?? 0) : sum), 0);
  }

  /** Waits until that many events of a kind have come; gives the time it took. */
  async until(kind: ReaderEvent['kind'], count = 1, address?: number): Promise<number> {
    return this.untilTrue(() => this.of(kind, address).length >= count, `${count} x ${kind}`);
  }

  untilTrue(isTrue: () => boolean, what: string): Promise<number> {
    const startMs = performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(check);
        reject(new Error(`never came: ${what}; events: ${this.events.map(({ kind }) => kind).join(' ')}`));
      }, WAIT_MAX_MS);
      const check = (): void => {
        if (!isTrue()) return;
        clearTimeout(timer);
        this.#waiting.delete(check);
        resolve(performance.now() - startMs);
      };
      this.#waiting.add(check);
      check();
    });
  }
}

export function pause(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs));
}
