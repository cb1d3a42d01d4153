import { describe, expect, it } from 'vitest';
import { createRunQueue } from '#adapters/rego-toolchain/run-queue.ts';

describe('createRunQueue', () => {
  it('runs as many at once as allowed, the rest in order, and refuses one more', async () => {
    const enqueue = createRunQueue(1, 2);
    const order: number[] = [];
    const first = Promise.withResolvers<undefined>();
    const task = (id: number, until?: Promise<undefined>) => async (): Promise<number> => {
      order.push(id);
      await until;
      return id;
    };
    const calls = [enqueue(task(1, first.promise)), enqueue(task(2)), enqueue(task(3))];
    await expect(enqueue(task(4))).rejects.toMatchObject({ code: 'request.rate_limited' });
    expect(order).toEqual([1]);
    first.resolve(undefined);
    expect(await Promise.all(calls)).toEqual([1, 2, 3]);
    expect(order).toEqual([1, 2, 3]);
  });

  it('goes on after a task that fails', async () => {
    const enqueue = createRunQueue(1, 1);
    const failing = enqueue(async () => Promise.reject(new Error('no')));
    const next = enqueue(async () => 'yes');
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await enqueue(async () => 'again')).toBe('again');
  });
});
