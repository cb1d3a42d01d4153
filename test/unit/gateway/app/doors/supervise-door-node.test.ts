import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RESTART_PAUSES_MS, STABLE_AFTER_MS, superviseDoorNode, type DoorNodeLoss } from '#gateway/app/doors/supervise-door-node.ts';
import { GatewayError } from '#gateway/domain/errors.ts';
import type { DecisionId, DoorId } from '#gateway/domain/site/ids.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import { noReaderOperations } from '#test/support/readers/no-reader-operations.ts';
import { noReaderWatch } from '#test/support/readers/no-reader-watch.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { noPolicyPoint } from '#test/support/policy/no-policy-point.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const [FIRST_PAUSE_MS] = RESTART_PAUSES_MS;

function createRig() {
  const rig = {
    starts: 0,
    stops: 0,
    restarts: 0,
    givenUp: 0,
    losses: [] as string[],
    /** Whether the next starts succeed. */
    canStart: true,
    /** The next starts take until this resolves. */
    startable: Promise.resolve(),
    recorded: Promise.resolve(),
    lose: (_cause: string): void => expect.fail('nothing runs'),
    supervise: () =>
      superviseDoorNode({
        start: async (onLost: (loss: DoorNodeLoss) => void) => {
          rig.starts += 1;
          await rig.startable;
          if (!rig.canStart) throw new GatewayError('store.unavailable', 'the door node does not answer');
          rig.lose = (cause) => onLost({ cause });
          return node(rig.starts);
        },
        onLost: ({ cause }) => {
          rig.losses.push(cause);
          return rig.recorded;
        },
        onRestarted: () => void (rig.restarts += 1),
        onGivenUp: () => void (rig.givenUp += 1),
        nowMs: () => Date.now(),
      }),
  };
  const node = (epoch: number): DoorNode => ({
    watch: noReaderWatch,
    operations: noReaderOperations,
    release: () => Promise.resolve({ ok: true }),
    applyEpoch: (wanted) => Promise.resolve({ epoch: wanted, doors: 2 }),
    policyPoint: noPolicyPoint,
    faces: noFacePoint,
    reloadGrants: () => Promise.resolve(),
    status: () => ({ state: 'online', epoch }),
    stop: () => {
      rig.stops += 1;
      return Promise.resolve();
    },
  });
  return rig;
}

const release = (node: DoorNode) => node.release('door_main' as DoorId, 'dec_1' as DecisionId);

describe('a supervised door node', () => {
  it('is the node itself as long as it lives', async () => {
    const node = await createRig().supervise();
    expect(node.status()).toEqual({ state: 'online', epoch: 1 });
    expect(await release(node)).toEqual({ ok: true });
    expect(await node.applyEpoch(4)).toEqual({ epoch: 4, doors: 2 });
  });

  it('does not start at all when the first start fails', async () => {
    const rig = createRig();
    rig.canStart = false;
    await expect(rig.supervise()).rejects.toMatchObject({ code: 'store.unavailable' });
    await vi.runAllTimersAsync();
    expect(rig.starts).toBe(1);
  });

  it('says that it is lost from the loss until the next start, and then works again', async () => {
    const rig = createRig();
    const node = await rig.supervise();
    rig.lose('exit 1');
    expect(node.status()).toEqual({ state: 'lost', epoch: 1 });
    expect(await release(node)).toEqual({ ok: false, code: 'door.node_lost' });
    await expect(node.applyEpoch(4)).rejects.toMatchObject({ code: 'store.unavailable' });
    await expect(node.reloadGrants()).rejects.toMatchObject({ code: 'store.unavailable' });
    await vi.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    expect(node.status()).toEqual({ state: 'online', epoch: 2 });
    expect(rig).toMatchObject({ losses: ['exit 1'], restarts: 1 });
  });

  it('is not started again before the log has heard of the loss', async () => {
    const rig = createRig();
    await rig.supervise();
    const recording = Promise.withResolvers<void>();
    rig.recorded = recording.promise;
    rig.lose('exit 1');
    await vi.advanceTimersByTimeAsync(FIRST_PAUSE_MS * 2);
    expect(rig.starts).toBe(1);
    recording.resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(rig.starts).toBe(2);
  });

  it('is given up, once, when every attempt of the list has failed', async () => {
    const rig = createRig();
    const node = await rig.supervise();
    rig.canStart = false;
    rig.lose('exit 1');
    await vi.runAllTimersAsync();
    expect(rig).toMatchObject({ starts: 1 + RESTART_PAUSES_MS.length, restarts: 0, givenUp: 1 });
    expect(node.status().state).toBe('lost');
  });

  it('is given up as well when every new node dies soon', async () => {
    const rig = createRig();
    await rig.supervise();
    for (let count = 0; count <= RESTART_PAUSES_MS.length; count += 1) {
      rig.lose('exit 1');
      await vi.runAllTimersAsync();
    }
    expect(rig).toMatchObject({ starts: 1 + RESTART_PAUSES_MS.length, givenUp: 1 });
  });

  it('has all its attempts again when it had lived long enough', async () => {
    const rig = createRig();
    await rig.supervise();
    for (let count = 0; count <= RESTART_PAUSES_MS.length; count += 1) {
      await vi.advanceTimersByTimeAsync(STABLE_AFTER_MS);
      rig.lose('exit 1');
      await vi.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    }
    expect(rig).toMatchObject({ restarts: 1 + RESTART_PAUSES_MS.length, givenUp: 0 });
  });

  it('stays stopped when it is stopped during a pause', async () => {
    const rig = createRig();
    const node = await rig.supervise();
    rig.lose('exit 1');
    await node.stop();
    await vi.runAllTimersAsync();
    expect(rig).toMatchObject({ starts: 1, givenUp: 0 });
  });

  it('stops the node that was being started when it was stopped', async () => {
    const rig = createRig();
    const node = await rig.supervise();
    const start = Promise.withResolvers<void>();
    rig.startable = start.promise;
    rig.lose('exit 1');
    await vi.advanceTimersByTimeAsync(FIRST_PAUSE_MS);
    const stopped = node.stop();
    start.resolve();
    await stopped;
    expect(rig).toMatchObject({ starts: 2, stops: 1, restarts: 0 });
  });
});
