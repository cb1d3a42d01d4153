import { describe, expect, it } from 'vitest';
import { fuzzOsdp } from '#test/fuzz/osdp/fuzz-osdp.ts';

const FRAMES = 50_000;
const SEED = 20_260_101;
const TIMEOUT_MS = 60_000;

describe('random and mutated frames', () => {
  it(`crash nothing, wedge nothing and fill no memory (${FRAMES}; more with npm run fuzz -- osdp)`, { timeout: TIMEOUT_MS }, () => {
    const result = fuzzOsdp({ frames: FRAMES, seed: SEED });
    expect(result.reasons).toEqual([]);
    expect(result.crashes).toBe(0);
    expect(result.accepted).toBeGreaterThan(FRAMES / 3);
  });
});
