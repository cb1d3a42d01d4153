import { describe, expect, it } from 'vitest';
import { BusWatchdog, LINK_SILENCE_MAX_MS, NOISE_BYTES_PER_SECOND_MAX } from '#adapters/osdp/bus/bus-watchdog.ts';

describe('BusWatchdog', () => {
  it('calls a line silent once, just after the limit, and only when something was asked', () => {
    const watchdog = new BusWatchdog();
    watchdog.linkUp(0);
    expect(watchdog.isSilent(LINK_SILENCE_MAX_MS + 1)).toBe(false);
    watchdog.frameSent();
    expect(watchdog.isSilent(LINK_SILENCE_MAX_MS)).toBe(false);
    expect(watchdog.isSilent(LINK_SILENCE_MAX_MS + 1)).toBe(true);
    expect(watchdog.isSilent(LINK_SILENCE_MAX_MS + 2)).toBe(false);
  });

  it('is content with any reply', () => {
    const watchdog = new BusWatchdog();
    watchdog.linkUp(0);
    watchdog.frameSent();
    watchdog.replySeen(LINK_SILENCE_MAX_MS);
    expect(watchdog.isSilent(2 * LINK_SILENCE_MAX_MS)).toBe(false);
  });

  it('bears the greatest noise of a second and no byte more', () => {
    const watchdog = new BusWatchdog();
    expect(watchdog.isFlooded(0, 0)).toBe(false);
    expect(watchdog.isFlooded(NOISE_BYTES_PER_SECOND_MAX, 999)).toBe(false);
    expect(watchdog.isFlooded(NOISE_BYTES_PER_SECOND_MAX + 1, 999)).toBe(true);
    expect(watchdog.isFlooded(2 * NOISE_BYTES_PER_SECOND_MAX, 1_500)).toBe(false);
  });
});
