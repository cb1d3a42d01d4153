import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionHandlers, Link } from '#adapters/osdp/transport/link.ts';
import {
  RECONNECT_DELAY_MAX_MS,
  RECONNECT_DELAY_MIN_MS,
  SETTLED_AFTER_MS,
  createReconnectingLink,
} from '#adapters/osdp/transport/reconnecting-link.ts';

let attempts: { readonly handlers: ConnectionHandlers; readonly written: Uint8Array[]; destroyed: boolean }[];
let told: string[];
let link: Link;

const last = () => {
  const attempt = attempts.at(-1);
  if (attempt === undefined) throw new TypeError('no attempt');
  return attempt;
};

beforeEach(() => {
  vi.useFakeTimers();
  attempts = [];
  told = [];
  link = createReconnectingLink({
    byteTimeMs: 0,
    connect: (handlers) => {
      const attempt = { handlers, written: [] as Uint8Array[], destroyed: false };
      attempts.push(attempt);
      return {
        write: (bytes) => attempt.written.push(bytes),
        destroy: () => {
          attempt.destroyed = true;
          handlers.onClosed();
        },
      };
    },
  });
  link.open({ onUp: () => told.push('up'), onDown: () => told.push('down'), onBytes: () => told.push('bytes') });
});

afterEach(() => {
  vi.useRealTimers();
});

describe('a link that reconnects', () => {
  it('says down once when nothing answers, and tries with growing pauses up to the limit', () => {
    const pauses: number[] = [];
    for (let failed = 0; failed < 7; failed += 1) {
      const before = attempts.length;
      last().handlers.onClosed();
      let waitedMs = 0;
      while (attempts.length === before) {
        vi.advanceTimersByTime(50);
        waitedMs += 50;
      }
      pauses.push(waitedMs);
    }
    expect(told).toEqual(['down']);
    expect(pauses).toEqual([RECONNECT_DELAY_MIN_MS, 100, 200, 400, RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MAX_MS, RECONNECT_DELAY_MAX_MS]);
  });

  it.each([
    ['starts its pauses anew after a connection that held', SETTLED_AFTER_MS, RECONNECT_DELAY_MIN_MS],
    ['keeps its pause after one that did not', SETTLED_AFTER_MS - 1, RECONNECT_DELAY_MAX_MS],
  ])('%s', (_name, heldMs, pauseMs) => {
    for (let failed = 0; failed < 5; failed += 1) {
      last().handlers.onClosed();
      vi.advanceTimersByTime(RECONNECT_DELAY_MAX_MS);
    }
    last().handlers.onOpen();
    vi.advanceTimersByTime(heldMs);
    const before = attempts.length;
    last().handlers.onClosed();
    vi.advanceTimersByTime(pauseMs - 1);
    expect(attempts).toHaveLength(before);
    vi.advanceTimersByTime(1);
    expect(attempts).toHaveLength(before + 1);
    expect(told).toEqual(['down', 'up', 'down']);
  });

  it('writes only while it is up, and opens another connection when recycled', () => {
    link.write(Uint8Array.of(1));
    last().handlers.onOpen();
    link.write(Uint8Array.of(2));
    expect(last().written).toEqual([Uint8Array.of(2)]);
    link.recycle();
    vi.advanceTimersByTime(RECONNECT_DELAY_MIN_MS);
    expect(attempts).toHaveLength(2);
  });

  it('ends for good when closed', async () => {
    last().handlers.onOpen();
    await link.close();
    vi.advanceTimersByTime(60_000);
    expect(attempts).toHaveLength(1);
    expect(last().destroyed).toBe(true);
  });
});
