import { describe, expect, it } from 'vitest';
import { type BusConfig, POLL_INTERVAL_MAX_MS, assertBuses } from '#adapters/osdp/bus/bus-config.ts';
import type { ReaderId } from '#gateway/domain/site/ids.ts';

const reader = (id: string, address: number) => ({ readerId: id as ReaderId, address });
const bus = (patch: Partial<BusConfig> = {}): BusConfig => ({
  id: 'bus_1',
  link: { kind: 'tcp', host: '127.0.0.1', port: 1 },
  readers: [reader('reader_a', 0), reader('reader_b', 126)],
  ...patch,
});

describe('bus configuration', () => {
  it('takes two readers at the ends of the address range and the longest poll slot', () => {
    expect(() => assertBuses([bus({ pollIntervalMs: POLL_INTERVAL_MAX_MS })])).not.toThrow();
  });

  it.each<[string, readonly BusConfig[]]>([
    ['an address twice on a bus', [bus({ readers: [reader('reader_a', 3), reader('reader_b', 3)] })]],
    ['an address above 126', [bus({ readers: [reader('reader_a', 127)] })]],
    ['an address that is no whole number', [bus({ readers: [reader('reader_a', 1.5)] })]],
    ['a reader on two buses', [bus(), bus({ id: 'bus_2' })]],
    ['a poll slot above the limit', [bus({ pollIntervalMs: POLL_INTERVAL_MAX_MS + 1 })]],
    ['a poll slot that is no number', [bus({ pollIntervalMs: Number.NaN })]],
    ['a speed of its own for a reader on TCP', [bus({ readers: [{ ...reader('reader_a', 1), baud: 9_600 }] })]],
    [
      'a speed of its own that OSDP does not know',
      [bus({ link: { kind: 'serial', path: '/dev/null', baud: 9_600 }, readers: [{ ...reader('reader_a', 1), baud: 4_800 }] })],
    ],
    ['a rate that OSDP does not know', [bus({ link: { kind: 'serial', path: '/dev/null', baud: 4800 } })]],
  ])('refuses %s', (_, buses) => {
    expect(() => assertBuses(buses)).toThrow(expect.objectContaining({ code: 'config.invalid' }));
  });
});
