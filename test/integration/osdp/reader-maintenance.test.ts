import { performance } from 'node:perf_hooks';
import { afterEach, describe, expect, it } from 'vitest';
import type { ReaderKeys } from '#adapters/osdp/bus/bus-key.ts';
import { type OsdpReaders, createOsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { type SimulatedReader, createSimulatedReader } from '#adapters/osdp/simulator/simulated-line.ts';
import type { SimulatedPdOptions } from '#adapters/osdp/simulator/simulated-pd.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';
import type { MaintenanceEvent } from '#gateway/ports/reader-maintenance.ts';
import type { ReaderEvent } from '#gateway/ports/readers.ts';

const ID = 'reader_1' as ReaderId;
const keyFrom = (seed: number): Uint8Array => Uint8Array.from({ length: 16 }, (_, index) => (index * 29 + seed * 7 + 5) & 0xff);
const FILE = Uint8Array.from({ length: 40_000 }, (_, index) => (index * 13) & 0xff);

/** One reader on TCP, its key store and everything that is said of it. */
interface Site {
  readonly pd: SimulatedReader;
  readonly readers: OsdpReaders;
  readonly events: ReaderEvent[];
  readonly told: MaintenanceEvent[];
  keys: ReaderKeys | null;
}

let site: Site | null = null;

async function start(
  options: Partial<SimulatedPdOptions> = {},
  keys: ReaderKeys | null = { current: keyFrom(1), next: null },
): Promise<Site> {
  const pd = await createSimulatedReader({ host: '127.0.0.1', port: 0, address: 1, scbk: keyFrom(1), ...options });
  const link = { kind: 'tcp', host: pd.host, port: pd.port } as const;
  const built: Site = {
    pd,
    keys,
    events: [],
    told: [],
    readers: createOsdpReaders({
      buses: [{ id: 'bus_1', link, pollIntervalMs: 5, readers: [{ readerId: ID, address: 1 }] }],
      keyOf: () => built.keys,
      clock: { nowMs: () => Date.now(), monotonicUs: () => performance.now() * 1_000 },
    }),
  };
  site = built;
  built.readers.subscribe((event) => built.events.push(event));
  built.readers.maintenance.subscribe((event) => {
    built.told.push(event);
    // As the owner of a key store does.
    if (event.kind === 'key_confirmed' && event.which === 'next' && built.keys?.next) built.keys = { current: built.keys.next, next: null };
  });
  await built.readers.start();
  return built;
}

async function online({ readers }: Site): Promise<void> {
  const startMs = performance.now();
  while (readers.maintenance.health(ID)?.isOnline !== true) {
    if (performance.now() - startMs > 5_000) throw new Error('the reader does not come on line');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const kindsOf = ({ events }: Site): readonly string[] =>
  events.map(({ kind }) => kind).filter((kind) => kind === 'offline' || kind === 'alarm');

afterEach(async () => {
  await site?.readers.stop();
  await site?.pd.close();
  site = null;
});

describe('the keys of a reader', () => {
  it('are rotated while it stays on line', async () => {
    const built = await start();
    await online(built);
    for (const seed of [2, 3, 4]) {
      built.keys = { current: built.keys?.current ?? keyFrom(1), next: keyFrom(seed) };
      expect(await built.readers.maintenance.setKey(ID, keyFrom(seed))).toEqual({ ok: true });
      expect(built.keys).toEqual({ current: keyFrom(seed), next: null });
    }
    expect(kindsOf(built)).toEqual([]);
    built.pd.reboot();
    await online(built);
  });

  it('are given to a new reader in an install window, and never outside of one', async () => {
    const built = await start({ security: 'install', scbk: keyFrom(9) }, { current: keyFrom(2), next: keyFrom(3) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(built.readers.maintenance.health(ID)?.isOnline).toBe(false);
    const window = { firstKey: keyFrom(2), finalKey: keyFrom(3), durationMs: 5_000 };
    expect(await built.readers.maintenance.openInstallWindow(ID, window)).toEqual({ ok: true });
    await online(built);
    expect(built.keys).toEqual({ current: keyFrom(3), next: null });
  });
});

describe('the address of a reader', () => {
  it('is changed when the reader answers at the new one', async () => {
    const built = await start();
    await online(built);
    expect(await built.readers.maintenance.setLine(ID, { address: 42, baud: 38_400 })).toEqual({ ok: true });
    await online(built);
    expect(built.told).toContainEqual({ kind: 'line_changed', readerId: ID, address: 42, baud: 38_400 });
    expect(built.readers.maintenance.health(ID)).toMatchObject({ address: 42, isSecure: true });
    expect(await built.readers.pulseOutput(ID, 0, 100)).toEqual({ ok: true });
  });
});

describe('a file for a reader', () => {
  it('of 40 kB is there in less than 100 ms, with the reader on line', async () => {
    const built = await start({ receiveMax: 1_440 });
    await online(built);
    const files: Uint8Array[] = [];
    built.pd.device.files.onFile(({ content }) => files.push(content));
    const takenMs: number[] = [];
    for (let run = 0; run < 5; run += 1) {
      const startMs = performance.now();
      expect(await built.readers.maintenance.transferFile(ID, 1, FILE)).toEqual({ ok: true });
      takenMs.push(performance.now() - startMs);
    }
    console.log(`40 kB in a secure channel over TCP: ${takenMs.map((ms) => ms.toFixed(1)).join(' ')} ms`);
    expect(files).toHaveLength(5);
    expect(files[0]).toEqual(FILE);
    expect(Math.min(...takenMs)).toBeLessThan(100);
    expect(kindsOf(built)).toEqual([]);
  });

  it('is cancelled', async () => {
    const built = await start({ receiveMax: 128 });
    await online(built);
    built.pd.device.files.setPolicy({ delayMs: 50 });
    const ended = built.readers.maintenance.transferFile(ID, 1, FILE, () => built.readers.maintenance.cancel(ID));
    expect(await ended).toEqual({ ok: false, code: 'reader.aborted' });
    expect(built.readers.maintenance.health(ID)).toMatchObject({ isOnline: true, isBusy: false });
  });
});

describe('commands as code and data', () => {
  it('give the reply back, or the code of the NAK', async () => {
    const { readers } = await (async () => {
      const built = await start();
      await online(built);
      return built;
    })();
    const { maintenance } = readers;
    expect(await maintenance.exchange(ID, { code: 0x64, data: new Uint8Array(0) })).toEqual({
      ok: true,
      reply: { code: 0x48, data: Uint8Array.of(0, 0) },
    });
    expect(await maintenance.exchange(ID, { code: 0xee, data: Uint8Array.of(1) })).toEqual({ ok: false, code: 'reader.refused', nak: 3 });
  });

  it.each([0x60, 0x68, 0x6e, 0x75, 0x76, 0x77, 0x7b, 0x7c])('are refused where they have their own way: %i', async (code) => {
    const built = await start();
    expect(await built.readers.maintenance.exchange(ID, { code, data: new Uint8Array(0) })).toEqual({ ok: false, code: 'reader.refused' });
  });
});
