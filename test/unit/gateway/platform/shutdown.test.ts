import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { onShutdownSignal } from '#gateway/platform/shutdown.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function listen(stop: () => Promise<void>) {
  const source = new EventEmitter();
  const exits: number[] = [];
  const failures: unknown[] = [];
  const options = {
    stop,
    timeoutMs: 5_000,
    onFailure: (failure: unknown) => void failures.push(failure),
    nowMs: () => Date.now(),
    exit: (code: number) => void exits.push(code),
  };
  const unlisten = onShutdownSignal(source, options);
  return { source, exits, failures, unlisten };
}

describe('a shutdown signal', () => {
  it.each(['SIGTERM', 'SIGINT'])('%s stops in order and ends with success', async (signal) => {
    const stop = vi.fn(() => Promise.resolve());
    const { source, exits } = listen(stop);
    source.emit(signal, signal);
    await vi.runAllTimersAsync();
    expect(stop).toHaveBeenCalledOnce();
    expect(exits).toEqual([0]);
  });

  it('delivered twice at once, as npm start does, is one wish', async () => {
    const stop = vi.fn(() => new Promise<void>((resolve) => setTimeout(resolve, 3_000)));
    const { source, exits } = listen(stop);
    source.emit('SIGINT', 'SIGINT');
    await vi.advanceTimersByTimeAsync(999);
    source.emit('SIGINT', 'SIGINT');
    expect(exits).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_001);
    expect(stop).toHaveBeenCalledOnce();
    expect(exits).toEqual([0]);
  });

  it('given again later ends at once', async () => {
    const { source, exits } = listen(() => new Promise(() => undefined));
    source.emit('SIGINT', 'SIGINT');
    await vi.advanceTimersByTimeAsync(1_000);
    source.emit('SIGINT', 'SIGINT');
    expect(exits).toEqual([1]);
  });

  it('ends with failure when stopping fails', async () => {
    const { source, exits, failures } = listen(() => Promise.reject(new Error('no')));
    source.emit('SIGTERM', 'SIGTERM');
    await vi.runAllTimersAsync();
    expect(exits).toEqual([1]);
    expect(failures).toHaveLength(1);
  });

  it('ends with failure when stopping takes too long', async () => {
    const { source, exits, failures } = listen(() => new Promise(() => undefined));
    source.emit('SIGTERM', 'SIGTERM');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(exits).toEqual([1]);
    expect(failures).toHaveLength(1);
  });

  it('is not heard any more after the end of listening', () => {
    const { source, unlisten } = listen(() => Promise.resolve());
    unlisten();
    expect(source.eventNames()).toEqual([]);
  });
});
