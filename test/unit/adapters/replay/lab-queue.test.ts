import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createLabQueue } from '#adapters/replay/lab-queue.ts';

/** A job that runs until it is let go. */
function makeJob() {
  let isRunning = false;
  let end: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (end = resolve));
  const run = async (): Promise<string> => {
    isRunning = true;
    await ended;
    return 'done';
  };
  return { run, end, hasRun: () => isRunning };
}

describe('createLabQueue', () => {
  it('runs one job at a time, in order', async () => {
    const { enqueue } = createLabQueue();
    const [first, second] = [makeJob(), makeJob()];
    const outcomes = [enqueue(first.run), enqueue(second.run)];
    await nextTurn();
    expect([first.hasRun(), second.hasRun()]).toEqual([true, false]);
    first.end();
    await nextTurn();
    expect(second.hasRun()).toBe(true);
    second.end();
    expect(await Promise.all(outcomes)).toEqual(['done', 'done']);
  });

  it('ends a job that is cancelled while it waits at once, never runs it, and gives its place to another', async () => {
    const { enqueue, enqueueCancellable } = createLabQueue(1);
    const [running, waiting, later] = [makeJob(), makeJob(), makeJob()];
    const cancel = new AbortController();
    const first = enqueue(running.run);
    const cancelled = enqueueCancellable(waiting.run, cancel.signal, 'cancelled');
    await expect(enqueue(later.run)).rejects.toMatchObject({ code: 'request.rate_limited' });
    cancel.abort();
    expect(await cancelled).toBe('cancelled');
    const last = enqueue(later.run);
    running.end();
    later.end();
    expect(await Promise.all([first, last])).toEqual(['done', 'done']);
    expect(waiting.hasRun()).toBe(false);
  });

  it('does not begin what was cancelled before it came', async () => {
    const { enqueueCancellable } = createLabQueue();
    const job = makeJob();
    expect(await enqueueCancellable(job.run, AbortSignal.abort(), 'cancelled')).toBe('cancelled');
    expect(job.hasRun()).toBe(false);
  });

  it('leaves a job that runs to its own end when it is cancelled', async () => {
    const { enqueueCancellable, enqueue } = createLabQueue();
    const [job, next] = [makeJob(), makeJob()];
    const cancel = new AbortController();
    const outcome = enqueueCancellable(job.run, cancel.signal, 'cancelled');
    const after = enqueue(next.run);
    cancel.abort();
    job.end();
    next.end();
    expect(await Promise.all([outcome, after])).toEqual(['done', 'done']);
  });
});
