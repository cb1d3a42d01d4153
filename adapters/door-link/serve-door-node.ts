import type { MessagePort } from 'node:worker_threads';
import type { DoorNode } from '#gateway/ports/door-node.ts';
import type { DoorCall, DoorCallMessage, DoorHeartbeat, DoorReply } from './messages.ts';

/** Door thread's end of the link: carries calls to the node and its answers back. */
export function serveDoorNode(port: Pick<MessagePort, 'on' | 'postMessage'>, node: DoorNode): void {
  const reply = (message: DoorReply): void => port.postMessage(message);
  port.on('message', (message: DoorCallMessage | DoorHeartbeat) => {
    if ('kind' in message) return reply({ kind: 'alive' });
    const { id, call } = message;
    answer(node, call).then(
      (value) => reply({ kind: 'answer', id, epoch: node.status().epoch, value }),
      () => reply({ kind: 'failed', id }), // The caller turns it into store.unavailable: what the node enforces is not known.
    );
  });
  reply({ kind: 'started', epoch: node.status().epoch });
}

async function answer(node: DoorNode, call: DoorCall): Promise<Extract<DoorReply, { kind: 'answer' }>['value']> {
  if (call.kind === 'release') return node.release(call.doorId, call.decisionId);
  if (call.kind === 'apply_epoch') return { doors: (await node.applyEpoch(call.epoch)).doors };
  if (call.kind === 'readers') return { readers: await node.watch.readers() };
  if (call.kind === 'reader_lines') return { lines: await node.watch.lines() };
  if (call.kind === 'reader_frames') return node.watch.frames(call.readerId, call.afterSeq);
  if (call.kind === 'operation_begin') return { begun: await node.operations.begin(call.order) };
  if (call.kind === 'operation_find') return { operation: await node.operations.find(call.operationId) };
  if (call.kind === 'operation_list') return { operations: await node.operations.list() };
  if (call.kind === 'operation_cancel') return { cancelled: await node.operations.cancel(call.operationId) };
  if (call.kind === 'reader_conditions') return { conditions: await node.operations.conditions() };
  if (call.kind === 'policy_shadow_report') return { shadow: await node.policyPoint.shadowReport() };
  if (call.kind === 'face_next') return { task: await node.faces.next(call.deviceId, call.camera) };
  if (call.kind === 'face_attest') return { refusal: await node.faces.attest(call.jws) };
  if (call.kind === 'face_order') return { ordered: await node.faces.order(call.order) };
  if (call.kind === 'face_finish') return { finished: await node.faces.finishOrder(call.deviceId, call.orderId) };
  if (call.kind === 'face_enrol')
    return { enrolment: await node.faces.enrolAtReader({ readerId: call.readerId, personId: call.personId }) };
  if (call.kind === 'face_listening') return { listening: await node.faces.listening() };
  await change(node, call);
  return null;
}

async function change(
  node: DoorNode,
  call: Extract<DoorCall, { readonly kind: 'reload_grants' | 'policy_prepare' | 'policy_swap' | 'policy_shadow' | 'stop' }>,
): Promise<void> {
  switch (call.kind) {
    case 'reload_grants':
      return node.reloadGrants();
    case 'policy_prepare':
      return node.policyPoint.prepare(call.revisionId);
    case 'policy_swap':
      return node.policyPoint.swap(call.revisionId);
    case 'policy_shadow':
      return node.policyPoint.shadow(call.revisionId);
    case 'stop':
      return node.stop();
  }
}
