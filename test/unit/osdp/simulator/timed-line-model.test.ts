import { describe, expect, it } from 'vitest';
import { type LineFaults, NO_FAULTS, createSeededRandom } from '#adapters/osdp/simulator/line-faults.ts';
import { LINE_EVENTS_MAX, type LineReader, TimedLineModel } from '#adapters/osdp/simulator/timed-line-model.ts';
import { MARK, encodeFrame } from '#adapters/osdp/wire/frame.ts';

const POLL = Uint8Array.of(
  MARK,
  ...encodeFrame({ address: 1, direction: 'command', sequence: 1, check: 'crc', block: null, code: 0x60, data: new Uint8Array(0) }),
);
const ACK = encodeFrame({ address: 1, direction: 'reply', sequence: 1, check: 'crc', block: null, code: 0x40, data: new Uint8Array(0) });
const BYTE_MS = 10_000 / 9_600;
const answering: LineReader = { device: { handle: () => ACK } };

interface Delivery {
  readonly atMs: number;
  readonly bytes: Uint8Array;
}

function lineOf(readers: readonly LineReader[], faults: LineFaults = NO_FAULTS) {
  const deliveries: Delivery[] = [];
  let atMs = 0;
  const model = new TimedLineModel({ baud: 9_600, turnaroundMs: 3, readers, seed: 5 }, (bytes) => deliveries.push({ atMs, bytes }));
  model.start(0);
  model.setFaults(faults);
  const run = (untilMs: number): void => {
    while (model.nextMs <= untilMs) {
      atMs = model.nextMs;
      model.advance(atMs);
    }
  };
  return { model, deliveries, run };
}

describe('a line with wire time', () => {
  it('takes ten bits a byte each way and the reader its turnaround', () => {
    const { model, deliveries, run } = lineOf([answering]);
    model.receive(POLL, 100);
    run(1_000);
    expect(deliveries).toHaveLength(1);
    expect(deliveries[0]?.bytes).toEqual(Uint8Array.of(MARK, ...ACK));
    expect(deliveries[0]?.atMs).toBeCloseTo(100 + POLL.length * BYTE_MS + 3 + (ACK.length + 1) * BYTE_MS, 6);
  });

  it('is idle for two characters before the controller speaks again', () => {
    const { model, deliveries, run } = lineOf([answering]);
    model.receive(POLL, 100);
    run(1_000);
    const firstMs = deliveries[0]?.atMs ?? Number.NaN;
    model.receive(POLL, firstMs);
    run(2_000);
    expect((deliveries[1]?.atMs ?? Number.NaN) - firstMs).toBeCloseTo((2 + POLL.length + ACK.length + 1) * BYTE_MS + 3, 6);
  });

  it('garbles both when two speak at once', () => {
    const { model, deliveries, run } = lineOf([answering, answering]);
    model.receive(POLL, 0);
    run(1_000);
    expect(deliveries).toHaveLength(2);
    for (const { bytes } of deliveries) expect(bytes).not.toEqual(Uint8Array.of(MARK, ...ACK));
    expect(model.counters.collisions).toBe(1);
  });

  it('lets a reader hear only its own speed', () => {
    const { model, deliveries, run } = lineOf([{ ...answering, baud: 115_200 }]);
    model.receive(POLL, 0);
    run(1_000);
    expect(deliveries).toEqual([]);
    model.setBaud(115_200);
    model.receive(POLL, 1_000);
    run(2_000);
    expect(deliveries).toHaveLength(1);
  });

  it('forgets what would happen last when too much is to happen', () => {
    const { model, run } = lineOf([]);
    const ran: number[] = [];
    for (let count = 0; count <= LINE_EVENTS_MAX; count += 1) model.at(count, (atMs) => ran.push(atMs));
    run(10_000);
    expect(ran).toHaveLength(LINE_EVENTS_MAX);
    expect(ran.at(-1)).toBe(LINE_EVENTS_MAX - 1);
  });
});

describe('faults of a line', () => {
  const share = (faults: Partial<LineFaults>, count = 2_000) => {
    const line = lineOf([answering], { ...NO_FAULTS, ...faults });
    for (let poll = 0; poll < count; poll += 1) {
      line.model.receive(POLL, poll * 1_000);
      line.run(poll * 1_000 + 999);
    }
    return { ...line, count };
  };

  it('drop as many replies as they should', () => {
    const { deliveries, count } = share({ dropped01: 0.1 });
    expect(1 - deliveries.length / count).toBeCloseTo(0.1, 1);
  });

  it('corrupt, double, delay and precede with noise', () => {
    const clean = Uint8Array.of(MARK, ...ACK);
    expect(share({ corrupted01: 1 }, 50).deliveries.every(({ bytes }) => !Buffer.from(bytes).equals(clean))).toBe(true);
    expect(share({ duplicated01: 1 }, 50).deliveries).toHaveLength(100);
    const noisy = share({ noisy01: 1 }, 50).deliveries.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(noisy).toBeGreaterThanOrEqual(50 * (clean.length + 1));
    expect(share({ late01: 1, lateMs: 250 }, 1).deliveries[0]?.atMs).toBeGreaterThan(250);
  });

  it('are the same with the same seed', () => {
    const [left, right] = [createSeededRandom(9), createSeededRandom(9)];
    expect(Array.from({ length: 20 }, left)).toEqual(Array.from({ length: 20 }, right));
    expect(createSeededRandom(10)()).not.toBe(createSeededRandom(9)());
  });
});
