import { GatewayError } from '#gateway/domain/errors.ts';
import type { ReaderOperations } from '#gateway/ports/reader-operations.ts';
import type { DoorCall, DoorReply } from './messages.ts';

type Value = Extract<DoorReply, { kind: 'answer' }>['value'];

/** The port over calls. What runs for minutes is not waited for: it is begun, and asked after. */
export function askOperations(call: (call: DoorCall) => Promise<Value>): ReaderOperations {
  return {
    begin: async (order) => {
      const value = await call({ kind: 'operation_begin', order });
      return value !== null && 'begun' in value ? value.begun : fail();
    },
    find: async (operationId) => {
      const value = await call({ kind: 'operation_find', operationId });
      return value !== null && 'operation' in value ? value.operation : fail();
    },
    list: async () => {
      const value = await call({ kind: 'operation_list' });
      return value !== null && 'operations' in value ? value.operations : fail();
    },
    cancel: async (operationId) => {
      const value = await call({ kind: 'operation_cancel', operationId });
      return value !== null && 'cancelled' in value ? value.cancelled : fail();
    },
    conditions: async () => {
      const value = await call({ kind: 'reader_conditions' });
      return value !== null && 'conditions' in value ? value.conditions : fail();
    },
  };
}

function fail(): never {
  throw new GatewayError('store.unavailable', 'the door node answered something else');
}
