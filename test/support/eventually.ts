import { vi } from 'vitest';

const PATIENCE_MS = 15_000;
const PAUSE_MS = 20;

/** Asks until `check` passes; fails as it last did. Patient: a thread may take seconds to start while other tests have the cores. */
export function eventually<T>(check: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(check, { timeout: PATIENCE_MS, interval: PAUSE_MS });
}
