import { GatewayError } from '#gateway/domain/errors.ts';
import { FACE_TASK_WAIT_MS, type FacePoint } from '#gateway/ports/face-point.ts';
import type { DoorCall, DoorReply } from './messages.ts';

type Value = Extract<DoorReply, { kind: 'answer' }>['value'];

/** A terminal waits for its next task as long as that; the door thread answers then at the latest, ms. */
export const DOOR_FACE_TIMEOUT_MS = FACE_TASK_WAIT_MS + 5_000;

/** The port over calls. */
export function askFaces(call: (call: DoorCall) => Promise<Value>): FacePoint {
  return {
    next: async (deviceId, camera = 'unknown') => {
      const value = await call({ kind: 'face_next', deviceId, camera });
      return value !== null && 'task' in value ? value.task : fail();
    },
    attest: async (jws) => {
      const value = await call({ kind: 'face_attest', jws });
      return value !== null && 'refusal' in value ? value.refusal : fail();
    },
    order: async (order) => {
      const value = await call({ kind: 'face_order', order });
      return value !== null && 'ordered' in value ? value.ordered : fail();
    },
    finishOrder: async (deviceId, orderId) => {
      const value = await call({ kind: 'face_finish', deviceId, orderId });
      return value !== null && 'finished' in value ? value.finished : fail();
    },
    enrolAtReader: async ({ personId, readerId }) => {
      const value = await call({ kind: 'face_enrol', readerId, personId });
      return value !== null && 'enrolment' in value ? value.enrolment : fail();
    },
    listening: async () => {
      const value = await call({ kind: 'face_listening' });
      return value !== null && 'listening' in value ? value.listening : fail();
    },
  };
}

function fail(): never {
  throw new GatewayError('store.unavailable', 'the door node answered something else');
}
