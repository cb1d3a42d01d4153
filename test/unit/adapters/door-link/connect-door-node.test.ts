import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  connectDoorNode,
  DOOR_CALL_TIMEOUT_MS,
  DOOR_CALLS_WAITING_MAX,
  DOOR_HEARTBEAT_INTERVAL_MS,
  DOOR_HEARTBEATS_MISSED_MAX,
  DOOR_RELOAD_TIMEOUT_MS,
  DOOR_START_TIMEOUT_MS,
  DOOR_TERMINATE_TIMEOUT_MS,
} from '#adapters/door-link/connect-door-node.ts';
import type { DecisionId, DoorId, ReaderId } from '#gateway/domain/site/ids.ts';
import { createFakeDoorThread } from '#test/support/fake-door-thread.ts';

const DOOR = 'door_main' as DoorId;
const DECISION = 'dec_1' as DecisionId;
const UNAVAILABLE = { code: 'store.unavailable' };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function connected() {
  const thread = createFakeDoorThread();
  const losses: string[] = [];
  const connecting = connectDoorNode(thread, { onLost: ({ cause }) => losses.push(cause) });
  thread.says({ kind: 'started', epoch: 7 });
  return { thread, losses, node: await connecting };
}

describe('a door thread that answers', () => {
  it('is online from its first word, with the epoch it began with', async () => {
    const { node } = await connected();
    expect(node.status()).toEqual({ state: 'online', epoch: 7 });
  });

  it('carries each answer to its own call, in whatever order they come', async () => {
    const { node, thread } = await connected();
    const first = node.release(DOOR, DECISION);
    const second = node.release(DOOR, DECISION);
    const [one, two] = thread.calls.map(({ id }) => id);
    thread.says({ kind: 'answer', id: two ?? 0, epoch: 7, value: { ok: false, code: 'door.refused' } });
    thread.says({ kind: 'answer', id: one ?? 0, epoch: 7, value: { ok: true } });
    expect([await first, await second]).toEqual([{ ok: true }, { ok: false, code: 'door.refused' }]);
  });

  it('states the newest epoch that the thread has applied', async () => {
    const { node, thread } = await connected();
    const applied = node.applyEpoch(9);
    thread.says({ kind: 'answer', id: thread.calls[0]?.id ?? 0, epoch: 9, value: { doors: 3 } });
    expect(await applied).toEqual({ epoch: 9, doors: 3 });
    expect(node.status()).toEqual({ state: 'online', epoch: 9 });
  });

  it('carries readers and their frames, and that there is no such reader', async () => {
    const { node, thread } = await connected();
    const readers = node.watch.readers();
    const frames = node.watch.frames('front' as ReaderId, 3);
    const none = node.watch.frames('nobody' as ReaderId, 0);
    const wrong = node.watch.readers();
    expect(thread.calls.map(({ call }) => call)).toMatchObject([
      { kind: 'readers' },
      { kind: 'reader_frames', readerId: 'front', afterSeq: 3 },
      {},
      {},
    ]);
    const [one = 0, two = 0, three = 0, four = 0] = thread.calls.map(({ id }) => id);
    const watched = { frames: [], lastSeq: 3, hasGap: false, idleFrames: 0 };
    thread.says({ kind: 'answer', id: one, epoch: 7, value: { readers: [] } });
    thread.says({ kind: 'answer', id: two, epoch: 7, value: watched });
    thread.says({ kind: 'answer', id: three, epoch: 7, value: null });
    thread.says({ kind: 'answer', id: four, epoch: 7, value: null });
    expect([await readers, await frames, await none]).toEqual([[], watched, null]);
    await expect(wrong).rejects.toMatchObject(UNAVAILABLE);
  });

  it('reports a call that failed in the thread as not answered', async () => {
    const { node, thread } = await connected();
    const applied = node.applyEpoch(9);
    thread.says({ kind: 'failed', id: thread.calls[0]?.id ?? 0 });
    await expect(applied).rejects.toMatchObject(UNAVAILABLE);
  });
});

describe('a door thread that does not answer', () => {
  it('is waited for until the deadline, and no longer', async () => {
    const { node } = await connected();
    const settled = vi.fn();
    void node.release(DOOR, DECISION).then(settled);
    await vi.advanceTimersByTimeAsync(DOOR_CALL_TIMEOUT_MS - 1);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledWith({ ok: false, code: 'door.node_lost' });
  });

  it('has longer for a reload, which may be of very many grants', async () => {
    const { node, thread } = await connected();
    const reloaded = node.reloadGrants();
    await vi.advanceTimersByTimeAsync(DOOR_RELOAD_TIMEOUT_MS - 1);
    thread.says({ kind: 'answer', id: thread.calls[0]?.id ?? 0, epoch: 7, value: null });
    await reloaded;
    const refused = expect(node.reloadGrants()).rejects.toMatchObject(UNAVAILABLE);
    await vi.advanceTimersByTimeAsync(DOOR_RELOAD_TIMEOUT_MS);
    await refused;
  });

  it('is not heard when it answers later', async () => {
    const { node, thread } = await connected();
    const released = node.release(DOOR, DECISION);
    await vi.advanceTimersByTimeAsync(DOOR_CALL_TIMEOUT_MS);
    thread.says({ kind: 'answer', id: thread.calls[0]?.id ?? 0, epoch: 7, value: { ok: true } });
    expect(await released).toEqual({ ok: false, code: 'door.node_lost' });
    expect(node.status().state).toBe('online');
  });

  it('has as many calls waiting as the limit says, and not one more', async () => {
    const { node, thread } = await connected();
    const waiting = Array.from({ length: DOOR_CALLS_WAITING_MAX }, () => node.release(DOOR, DECISION));
    expect(await node.release(DOOR, DECISION)).toEqual({ ok: false, code: 'door.node_lost' });
    await expect(node.reloadGrants()).rejects.toMatchObject(UNAVAILABLE);
    expect(thread.calls).toHaveLength(DOOR_CALLS_WAITING_MAX);
    for (const { id } of thread.calls) thread.says({ kind: 'answer', id, epoch: 7, value: { ok: true } });
    expect(await Promise.all(waiting)).toEqual(waiting.map(() => ({ ok: true })));
  });

  it('is ended when it has not started in time', async () => {
    const connecting = connectDoorNode(createFakeDoorThread(), { onLost: () => expect.fail('it never was there') });
    const refused = expect(connecting).rejects.toMatchObject(UNAVAILABLE);
    await vi.advanceTimersByTimeAsync(DOOR_START_TIMEOUT_MS);
    await refused;
  });
});

describe('a door thread that hangs', () => {
  /** The first question goes unanswered, and so many intervals pass. */
  const hungAfterMs = DOOR_HEARTBEAT_INTERVAL_MS * (DOOR_HEARTBEATS_MISSED_MAX + 1);

  it('is ended and reported when the limit is reached, and not a moment sooner', async () => {
    const { node, thread, losses } = await connected();
    thread.hangs();
    const released = node.release(DOOR, DECISION);
    await vi.advanceTimersByTimeAsync(hungAfterMs - 1);
    expect([node.status().state, losses]).toEqual(['online', []]);
    await vi.advanceTimersByTimeAsync(1);
    expect([node.status().state, losses]).toEqual(['lost', ['hung']]);
    expect(thread.ended).toBe(true);
    expect(await released).toEqual({ ok: false, code: 'door.node_lost' });
  });

  it('is not one that is busy with a reload for some seconds', async () => {
    const { node, thread, losses } = await connected();
    thread.hangs();
    await vi.advanceTimersByTimeAsync(5_000);
    thread.says({ kind: 'alive' });
    await vi.advanceTimersByTimeAsync(hungAfterMs - 1);
    expect([node.status().state, losses]).toEqual(['online', []]);
  });

  it('is not one that answers, for however long', async () => {
    const { node, losses } = await connected();
    await vi.advanceTimersByTimeAsync(10 * hungAfterMs);
    expect([node.status().state, losses]).toEqual(['online', []]);
  });

  it('is given up when it cannot even be ended', async () => {
    const { node, thread, losses } = await connected();
    thread.hangs();
    thread.terminate = () => new Promise(() => undefined);
    await vi.advanceTimersByTimeAsync(hungAfterMs);
    expect([node.status().state, losses]).toEqual(['lost', []]);
    await vi.advanceTimersByTimeAsync(DOOR_TERMINATE_TIMEOUT_MS);
    expect(losses).toEqual(['hung']);
  });

  it('is no loss while it is being stopped', async () => {
    const { node, thread, losses } = await connected();
    thread.hangs();
    const stopped = node.stop();
    await vi.advanceTimersByTimeAsync(2 * hungAfterMs);
    await stopped;
    expect(losses).toEqual([]);
  });
});

it('ends a thread of the real kind that stands in an endless loop', async () => {
  vi.useRealTimers();
  const source = `const { parentPort } = require('node:worker_threads');
    parentPort.postMessage({ kind: 'started', epoch: 1 });
    parentPort.on('message', () => { for (;;); });`;
  const lost = Promise.withResolvers<string>();
  const worker = new Worker(source, { eval: true });
  const exited = once(worker, 'exit');
  const node = await connectDoorNode(worker, { onLost: ({ cause }) => lost.resolve(cause), heartbeatIntervalMs: 20 });
  expect(await lost.promise).toBe('hung');
  await exited;
  expect(node.status().state).toBe('lost');
});

describe('a door thread that ends', () => {
  it('fails what waits and what comes, and is reported once', async () => {
    const { node, thread, losses } = await connected();
    const released = node.release(DOOR, DECISION);
    const applied = node.applyEpoch(8);
    thread.fails(new TypeError('a bug'));
    thread.ends(1);
    expect(await released).toEqual({ ok: false, code: 'door.node_lost' });
    await expect(applied).rejects.toMatchObject(UNAVAILABLE);
    await expect(node.applyEpoch(8)).rejects.toMatchObject(UNAVAILABLE);
    expect(node.status()).toEqual({ state: 'lost', epoch: 7 });
    expect(losses).toEqual(['TypeError']);
  });

  it('is no loss when it was asked to stop', async () => {
    const { node, thread, losses } = await connected();
    const stopped = node.stop();
    thread.says({ kind: 'answer', id: thread.calls[0]?.id ?? 0, epoch: 7, value: null });
    await stopped;
    expect(losses).toEqual([]);
  });

  it('before it started is a failed start and no loss', async () => {
    const thread = createFakeDoorThread();
    const connecting = connectDoorNode(thread, { onLost: () => expect.fail('it never was there') });
    thread.ends(1);
    await expect(connecting).rejects.toMatchObject(UNAVAILABLE);
  });

  it('is noticed with a thread of the real kind', async () => {
    vi.useRealTimers();
    const source = `const { parentPort } = require('node:worker_threads');
      parentPort.postMessage({ kind: 'started', epoch: 1 });
      parentPort.on('message', () => process.exit(3));`;
    const lost = Promise.withResolvers<string>();
    const node = await connectDoorNode(new Worker(source, { eval: true }), { onLost: ({ cause }) => lost.resolve(cause) });
    expect(await node.release(DOOR, DECISION)).toEqual({ ok: false, code: 'door.node_lost' });
    expect(await lost.promise).toBe('exit 3');
  });
});
