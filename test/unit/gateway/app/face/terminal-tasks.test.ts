import { describe, expect, it } from 'vitest';
import {
  LISTENING_GAP_MS_MAX,
  ORDER_LIFE_MS,
  ORDERS_PER_TERMINAL_MAX,
  TERMINALS_WAITING_MAX,
  TerminalTasks,
} from '#gateway/app/face/terminal-tasks.ts';
import type { FaceDeviceId, PersonId } from '#gateway/domain/site/ids.ts';
import { FACE_TASK_WAIT_MS, type FaceOrder } from '#gateway/ports/face-point.ts';

const device = (name: string | number): FaceDeviceId => `fdv_${name}` as FaceDeviceId;
const order = (id: number, deviceId = device('a')): FaceOrder => ({
  kind: 'enrol',
  id: `ord_${id}`,
  deviceId,
  personId: 'usr_ann' as PersonId,
});

function rig() {
  let nowMs = 0;
  const tasks = new TerminalTasks(() => nowMs);
  return { tasks, pass: (ms: number) => ((nowMs += ms), tasks.tick()) };
}

describe('the tasks of terminals', () => {
  it('come at once, again until they are finished, and then no more', async () => {
    const { tasks } = rig();
    tasks.order(order(1));
    expect(await tasks.next(device('a'), null)).toEqual(order(1));
    expect(await tasks.next(device('a'), null)).toEqual(order(1));
    expect(tasks.finish(device('b'), 'ord_1')).toBeNull();
    expect(tasks.finish(device('a'), 'ord_1')).toEqual(order(1));
    expect(tasks.finish(device('a'), 'ord_1')).toBeNull();
  });

  it('reach a terminal that waits, and end its wait when there are none', async () => {
    const { tasks, pass } = rig();
    const waiting = tasks.next(device('a'), null);
    tasks.order(order(1));
    expect(await waiting).toEqual(order(1));
    tasks.finish(device('a'), 'ord_1');
    const idle = tasks.next(device('a'), null);
    pass(FACE_TASK_WAIT_MS - 1);
    const pending = Symbol('pending');
    expect(await Promise.race([idle, Promise.resolve(pending)])).toBe(pending);
    pass(1);
    expect(await idle).toBeNull();
  });

  it('let one call of a terminal wait: a later one ends the earlier', async () => {
    const { tasks } = rig();
    const earlier = tasks.next(device('a'), null);
    const later = tasks.next(device('a'), null);
    expect(await earlier).toBeNull();
    tasks.order(order(1));
    expect(await later).toEqual(order(1));
  });

  it('know a terminal as listening while it waits, and a moment longer', async () => {
    const { tasks, pass } = rig();
    expect(tasks.isListening(device('a'))).toBe(false);
    const idle = tasks.next(device('a'), null);
    pass(FACE_TASK_WAIT_MS);
    expect(await idle).toBeNull();
    pass(LISTENING_GAP_MS_MAX);
    expect(tasks.listening()).toEqual([device('a')]);
    pass(1);
    expect(tasks.listening()).toEqual([]);
  });

  it('let so many terminals wait, and answer one more at once', async () => {
    const { tasks } = rig();
    const waiting = Array.from({ length: TERMINALS_WAITING_MAX }, (_, i) => tasks.next(device(i), null));
    expect(await tasks.next(device('more'), null)).toBeNull();
    tasks.order(order(1, device(TERMINALS_WAITING_MAX - 1)));
    expect(await waiting.at(-1)).toMatchObject({ id: 'ord_1' });
    expect(tasks.isListening(device('more'))).toBe(true);
  });

  it('are so many for one terminal and no more, and are forgotten after a while', () => {
    const { tasks, pass } = rig();
    for (let i = 0; i < ORDERS_PER_TERMINAL_MAX; i += 1) expect(tasks.order(order(i))).toBe(true);
    expect(tasks.order(order(99))).toBe(false);
    expect(tasks.order(order(99, device('b')))).toBe(true);
    pass(ORDER_LIFE_MS - 1);
    expect(tasks.order(order(100))).toBe(false);
    pass(1);
    expect(tasks.order(order(100))).toBe(true);
    expect(tasks.finish(device('a'), 'ord_0')).toBeNull();
  });
});
