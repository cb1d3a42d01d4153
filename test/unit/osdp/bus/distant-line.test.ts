import { describe, expect, it } from 'vitest';
import { BusRig } from './bus-rig.ts';

const WINDOW_MS = 10_000;

describe('a line behind a distant serial server', () => {
  it.each([1, 2, 8])('polls its readers as often as it can, though each reply takes 40 ms: %i readers', async (count) => {
    const rig = new BusRig(
      Array.from({ length: count }, () => ({})),
      { turnaroundMs: 40 },
    );
    await rig.start(5_000);
    // Reply time, two frames of 15 bytes and their idle times.
    const possible = WINDOW_MS / (45 * count);
    expect(await rig.pollsDuring(0, WINDOW_MS)).toBeGreaterThan(possible * 0.8);
    expect(rig.of('offline')).toEqual([]);
    await rig.stop();
  });
});
