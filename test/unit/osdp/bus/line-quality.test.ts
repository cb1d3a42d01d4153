import { afterEach, describe, expect, it } from 'vitest';
import {
  ERROR_SHARE_GOOD_MAX,
  ERROR_SHARE_MARGINAL_MAX,
  EXCHANGES_MAX,
  type ReaderLineQuality,
  testLineQuality,
  toVerdict,
} from '#adapters/osdp/bus/line-quality.ts';
import { type LineFaults, NO_FAULTS } from '#adapters/osdp/simulator/line-faults.ts';
import { BusRig, readerId } from './bus-rig.ts';

let rig: BusRig;

afterEach(() => rig.stop());

async function judge(faults: LineFaults, exchanges = 100): Promise<ReaderLineQuality | undefined> {
  rig = new BusRig([{}], { seed: 3, pollIntervalMs: 25 });
  await rig.start();
  rig.link.model.setFaults(faults);
  let isOver = false;
  const results = testLineQuality(rig.bus, [readerId(0)], { exchanges });
  void results.finally(() => (isOver = true));
  for (let rounds = 0; rounds < 200 && !isOver; rounds += 1) await rig.clock.advance(200);
  return (await results)[0];
}

describe('the test of a line', () => {
  it('finds a clean line good and changes nothing at its reader', async () => {
    const result = await judge(NO_FAULTS);
    expect(result).toMatchObject({ exchanges: 100, failed: 0, retries: 0, errorShare01: 0, verdict: 'good' });
    expect(result?.roundTripP99Ms).toBeGreaterThan(result?.roundTripP50Ms ?? Number.NaN);
  });

  it('finds a line bad that loses one reply in ten', async () => {
    expect(await judge({ ...NO_FAULTS, dropped01: 0.1 })).toMatchObject({ exchanges: 100, verdict: 'bad' });
  });

  it('finds a line bad whose reader does not answer at all', async () => {
    expect(await judge({ ...NO_FAULTS, dropped01: 1 })).toMatchObject({ exchanges: 0, verdict: 'bad' });
  });

  it('finds a clean line good whose reader has no lights', async () => {
    rig = new BusRig([{}], { pollIntervalMs: 25 });
    await rig.start();
    const exchange: typeof rig.bus.exchange = async (id, command, priority) =>
      command.name === 'LED' ? { ok: false, code: 'reader.unsupported' } : rig.bus.exchange(id, command, priority);
    const line = {
      exchange,
      get readerCounters() {
        return rig.bus.readerCounters;
      },
    };
    const results = testLineQuality(line, [readerId(0)], { exchanges: 50 });
    await rig.clock.advance(10_000);
    expect((await results)[0]).toMatchObject({ exchanges: 50, failed: 0, verdict: 'good' });
  });

  it('takes as many exchanges as the limit and no more', async () => {
    rig = new BusRig([]);
    await expect(testLineQuality(rig.bus, [], { exchanges: EXCHANGES_MAX })).resolves.toEqual([]);
    await expect(testLineQuality(rig.bus, [], { exchanges: EXCHANGES_MAX + 1 })).rejects.toThrow(TypeError);
  });
});

describe('the verdict', () => {
  it.each([
    [0, 'good'],
    [ERROR_SHARE_GOOD_MAX, 'good'],
    [ERROR_SHARE_GOOD_MAX + 0.0001, 'marginal'],
    [ERROR_SHARE_MARGINAL_MAX, 'marginal'],
    [ERROR_SHARE_MARGINAL_MAX + 0.0001, 'bad'],
  ])('of an error share of %d is %s', (share, verdict) => {
    expect(toVerdict(share)).toBe(verdict);
  });
});
