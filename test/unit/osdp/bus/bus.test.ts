import { afterEach, describe, expect, it } from 'vitest';
import { NO_FAULTS } from '#adapters/osdp/simulator/line-faults.ts';
import { BusRig, readerId } from './bus-rig.ts';

const readers = (count: number) => Array.from({ length: count }, () => ({}));
const rigs: BusRig[] = [];

function rigOf(...parameters: ConstructorParameters<typeof BusRig>): BusRig {
  const rig = new BusRig(...parameters);
  rigs.push(rig);
  return rig;
}

afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.stop();
});

describe('a line in fake time', () => {
  it('polls one reader as often as the wire allows', async () => {
    const rig = rigOf(readers(1));
    await rig.start();
    // 30 bytes, two idle characters and the turnaround: 3.78 ms.
    expect(await rig.pollsDuring(0, 10_000)).toBeGreaterThan(0.95 * (10_000 / 3.78));
  });

  it('polls no reader more than a turn more than another', async () => {
    const rig = rigOf(readers(5));
    await rig.start();
    await rig.clock.advance(2_000);
    const before = [...rig.bus.readerCounters.values()].map(({ polls }) => polls);
    await rig.clock.advance(5_000);
    const polls = [...rig.bus.readerCounters.values()].map((counters, index) => counters.polls - (before[index] ?? 0));
    expect(Math.max(...polls) - Math.min(...polls)).toBeLessThanOrEqual(1);
  });

  it('lets an unlock leave in the next slot of 32', async () => {
    const rig = rigOf(readers(32));
    await rig.start(4_000);
    const fromMs = rig.clock.nowMs();
    let tookMs = Number.NaN;
    void rig.bus
      .send(readerId(20), { name: 'OUT', body: [{ output: 0, action: 5, timer100Ms: 1 }] }, 'urgent')
      .then(() => (tookMs = rig.clock.nowMs() - fromMs));
    await rig.clock.advance(100);
    // The exchange that is on the wire, then its own, which is encrypted and longer.
    expect(tookMs).toBeLessThan(12);
    expect(rig.pds[20]?.outputs[0]).toBe(true);
  });

  it('polls a reader where a PIN is being entered more often than its turn comes round', async () => {
    const rig = rigOf(readers(32));
    await rig.start(4_000);
    rig.pds[3]?.pressKeys('1');
    await rig.clock.advance(150);
    expect(rig.of('keypad', 3)).toHaveLength(1);
    const [hot, idle] = [rig.bus.readerCounters.get(readerId(3))?.polls ?? 0, rig.bus.readerCounters.get(readerId(4))?.polls ?? 0];
    await rig.clock.advance(300);
    const hotPolls = (rig.bus.readerCounters.get(readerId(3))?.polls ?? 0) - hot;
    const idlePolls = (rig.bus.readerCounters.get(readerId(4))?.polls ?? 0) - idle;
    expect(hotPolls).toBeGreaterThanOrEqual(2 * idlePolls);
  });

  it('loses nobody to half a minute of corrupted, dropped, doubled and noisy replies', async () => {
    const rig = rigOf(readers(8), { seed: 7 });
    await rig.start();
    rig.link.model.setFaults({ ...NO_FAULTS, corrupted01: 0.01, dropped01: 0.01, duplicated01: 0.01, noisy01: 0.05 });
    await rig.clock.advance(30_000);
    expect(rig.of('offline')).toEqual([]);
    expect(rig.of('alarm')).toEqual([]);
    expect(rig.bus.readerCounters.get(readerId(0))?.retries).toBeGreaterThan(0);
  });
});

describe('a dead reader', () => {
  it.each([9_600, 115_200])('costs the others at most a twentieth of their polls at %d baud, and is back within a second', async (baud) => {
    const alone = rigOf(readers(3), { baud });
    await alone.start(5_000);
    const aloneRate = await alone.pollsDuring(0, 20_000);
    const rig = rigOf(readers(4), { baud });
    await rig.start(5_000);
    rig.pds[3]?.goSilent(true);
    await rig.clock.advance(5_000);
    expect(await rig.pollsDuring(0, 20_000)).toBeGreaterThanOrEqual(0.95 * aloneRate);
    expect(rig.of('offline').map(({ readerId: id }) => id)).toEqual([readerId(3)]);
    rig.pds[3]?.goSilent(false);
    await rig.clock.advance(137);
    let waitedMs = 137;
    for (; rig.bus.inspect(readerId(3))?.state.phase === 'identify'; waitedMs += 10) await rig.clock.advance(10);
    const answeredMs = rig.clock.nowMs();
    await rig.clock.advance(2_000);
    // It is asked within a second, and a second after its answer it has its channel and its states.
    expect(waitedMs).toBeLessThan(1_000);
    expect((rig.of('online', 3)[1]?.atMs ?? Number.NaN) - answeredMs).toBeLessThan(1_000);
  });
});

describe('a reader that holds its line up', () => {
  it('is polled at least once a second and leaves the others most of theirs', async () => {
    const alone = rigOf(readers(7));
    await alone.start();
    const aloneRate = await alone.pollsDuring(0, 10_000);
    const rig = rigOf([...readers(7), { turnaroundMs: 80 }]);
    await rig.start(5_000);
    expect(await rig.pollsDuring(0, 10_000)).toBeGreaterThanOrEqual(0.85 * aloneRate);
    expect(await rig.pollsDuring(7, 10_000)).toBeGreaterThanOrEqual(9);
    expect(rig.of('offline')).toEqual([]);
  });

  it('may babble over the others without one of them going off line', async () => {
    const rig = rigOf(readers(6));
    await rig.start();
    rig.link.model.setReader(5, { device: { handle: () => null }, babble: { everyMs: 200, lengthBytes: 20 } });
    await rig.clock.advance(30_000);
    expect(new Set(rig.of('offline').map(({ readerId: id }) => id))).toEqual(new Set([readerId(5)]));
  });
});

describe('readers that come and go while the line runs', () => {
  it('are found when they are added and forgotten when they are removed', async () => {
    const rig = rigOf(readers(3), { known: 2 });
    await rig.start();
    rig.bus.addReader({ readerId: readerId(2), address: 2 });
    await rig.clock.advance(500);
    expect(rig.of('online', 2)).toHaveLength(1);
    expect(rig.bus.removeReader(readerId(0))).toBe(true);
    expect(rig.of('offline', 0)).toMatchObject([{ effect: { cause: 'stopped' } }]);
    expect(rig.bus.removeReader(readerId(0))).toBe(false);
    await expect(rig.bus.send(readerId(0), { name: 'OUT', body: [] }, 'urgent')).resolves.toEqual({ ok: false, code: 'reader.unknown' });
    expect(await rig.pollsDuring(1, 1_000)).toBeGreaterThan(100);
    expect(rig.of('offline')).toHaveLength(1);
  });

  it('have an address and a name of their own', async () => {
    const rig = rigOf(readers(2));
    expect(() => rig.bus.addReader({ readerId: readerId(9), address: 1 })).toThrow(TypeError);
    expect(() => rig.bus.addReader({ readerId: readerId(1), address: 9 })).toThrow(TypeError);
  });
});

describe('readers with speeds of their own', () => {
  it('share one line: each is spoken to at its speed', async () => {
    const rig = rigOf([{}, { baud: 9_600 }, { baud: 38_400 }]);
    await rig.start();
    expect(rig.of('online')).toHaveLength(3);
    for (const address of [0, 1, 2]) expect(await rig.pollsDuring(address, 2_000)).toBeGreaterThan(30);
    expect(rig.of('offline')).toEqual([]);
  });
});
