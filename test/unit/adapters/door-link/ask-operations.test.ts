import { MessageChannel } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { connectDoorNode, type DoorThread } from '#adapters/door-link/connect-door-node.ts';
import { serveDoorNode } from '#adapters/door-link/serve-door-node.ts';
import type { DecisionId, ReaderId } from '#gateway/domain/site/ids.ts';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import { noReaderWatch } from '#test/support/readers/no-reader-watch.ts';
import { createSampleReaderOperations } from '#test/support/readers/sample-reader-operations.ts';
import { noFacePoint } from '#test/support/face/no-face-point.ts';
import { noPolicyPoint } from '#test/support/policy/no-policy-point.ts';

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const step of cleanUp.splice(0)) step();
});

/** Both ends of the link over a real channel, so that everything is cloned as between threads. */
async function linked() {
  const operations = createSampleReaderOperations();
  const node: DoorNode = {
    watch: noReaderWatch,
    operations,
    release: () => Promise.resolve({ ok: true }),
    applyEpoch: (epoch) => Promise.resolve({ epoch, doors: 0 }),
    policyPoint: noPolicyPoint,
    faces: noFacePoint,
    reloadGrants: () => Promise.resolve(),
    status: () => ({ state: 'online', epoch: 1 }),
    stop: () => Promise.resolve(),
  };
  const { port1, port2 } = new MessageChannel();
  cleanUp.push(() => port1.close());
  const thread = Object.assign(port1, { terminate: () => Promise.resolve(0) }) as unknown as DoorThread;
  const connecting = connectDoorNode(thread, { onLost: () => undefined });
  serveDoorNode(port2, node);
  const link = await connecting;
  cleanUp.push(() => void link.stop());
  return { link, operations };
}

describe('operations on readers, over the link between the threads', () => {
  it('are begun, found, listed and cancelled, and conditions are told', async () => {
    const { link, operations } = await linked();
    const order = { operatorId: 'ann', decisionId: 'dec_1' as DecisionId };
    const bytes = Uint8Array.of(1, 2, 3);
    const readerId = 'front' as ReaderId;
    const begun = await link.operations.begin({ ...order, request: { kind: 'transfer_file', readerId, fileType: 1, bytes } });
    expect(begun).toMatchObject({ ok: true, operation: { id: 'op_1', kind: 'transfer_file', readers: [{ readerId: 'front' }] } });
    expect(operations.orders).toEqual([{ ...order, request: { kind: 'transfer_file', readerId, fileType: 1, bytes } }]);
    expect(await link.operations.find('op_1')).toEqual(await operations.find('op_1'));
    expect(await link.operations.find('op_9')).toBeNull();
    expect(await link.operations.list()).toEqual(await operations.list());
    expect(await link.operations.cancel('op_1')).toBe(true);
    expect(await link.operations.conditions()).toEqual(await operations.conditions());
  });
});
