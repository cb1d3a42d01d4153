import type { ReaderId } from '#gateway/domain/site/ids.ts';
import { createOsdpReaders, type OsdpReaders } from '#adapters/osdp/reader-adapter.ts';
import { monotonicMs } from '#adapters/osdp/simulator/monotonic-ms.ts';
import type { TimedLine } from '#adapters/osdp/simulator/timed-line.ts';
import { LibosdpPeer, prepareLibosdp } from '#test/peers/libosdp/libosdp-peer.ts';

/** Times are `monotonicMs()`; `reader` is the index on the line and its address. */
export interface ControllerEvents {
  onCard(reader: number, atMs: number): void;
  /** The controller's owner has asked for the relay, at once after the card. */
  onUnlockOrdered(reader: number, atMs: number): void;
}

/** One OSDP controller on a simulated line, whoever wrote it: every card is answered with a pulse of the relay. */
export interface BenchController {
  /** Resolves when all readers are in a secure channel. */
  ready(): Promise<void>;
  cpuMs(): Promise<number>;
  stop(): Promise<void>;
}

const RELAY_MS = 100;
const READY_MAX_MS = 60_000;

export function scbkOf(address: number): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, index) => (index * 31 + address * 7 + 3) & 0xff);
}

export const readerIdOf = (address: number): ReaderId => `reader_${address}` as ReaderId; // made here, for the bench alone
export const addressOf = (readerId: ReaderId): number => Number(readerId.slice('reader_'.length));

export interface GatehouseController extends BenchController {
  readonly readers: OsdpReaders;
}

export async function startGatehouse(line: TimedLine, readerCount: number, events: ControllerEvents): Promise<GatehouseController> {
  const addresses = Array.from({ length: readerCount }, (_, address) => address);
  const readers = createOsdpReaders({
    buses: [
      {
        id: 'bus',
        link: { kind: 'tcp', host: line.host, port: line.port },
        pollIntervalMs: 0,
        readers: addresses.map((address) => ({ readerId: readerIdOf(address), address })),
      },
    ],
    keyOf: (id) => scbkOf(addressOf(id)),
    clock: { nowMs: () => Date.now(), monotonicUs: () => monotonicMs() * 1_000 },
  });
  const online = new Set<ReaderId>();
  readers.subscribe((event) => {
    if (event.kind === 'online') online.add(event.readerId);
    if (event.kind !== 'card_read') return;
    const reader = addressOf(event.readerId);
    events.onCard(reader, monotonicMs());
    events.onUnlockOrdered(reader, monotonicMs());
    void readers.pulseOutput(event.readerId, 0, RELAY_MS);
  });
  await readers.start();
  return {
    readers,
    async ready() {
      const untilMs = monotonicMs() + READY_MAX_MS;
      while (online.size < readerCount) {
        if (monotonicMs() > untilMs) throw new Error(`${online.size} of ${readerCount} readers on line`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    async cpuMs() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1_000;
    },
    stop: () => readers.stop(),
  };
}

/** libosdp from PyPI as controller, as shipped, its refresh called every millisecond. Null when it cannot be installed or imported. */
export async function startLibosdp(line: TimedLine, readerCount: number, events: ControllerEvents): Promise<BenchController | null> {
  const isThere = await prepareLibosdp().then(
    () => true,
    () => false,
  );
  if (!isThere) return null;
  const keys = Array.from({ length: readerCount }, (_, address) => Buffer.from(scbkOf(address)).toString('hex'));
  const peer = LibosdpPeer.run('bench.py', line.port, keys.join(','));
  peer.onFact((fact) => {
    if (typeof fact['card'] === 'number') events.onCard(fact['card'], Number(fact['atMs']));
    if (typeof fact['unlock'] === 'number') events.onUnlockOrdered(fact['unlock'], Number(fact['atMs']));
  });
  let asked = 0;
  return {
    ready: async () => void (await peer.until('secure', (count) => count === readerCount, READY_MAX_MS)),
    async cpuMs() {
      asked += 1;
      const wanted = asked;
      peer.order({ cpu: wanted });
      await peer.until('cpuAsked', (number) => number === wanted);
      return Number(peer.facts.findLast((fact) => fact['cpuAsked'] === wanted)?.['cpuMs']);
    },
    stop: () => peer.stop(),
  };
}
