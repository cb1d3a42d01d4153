import type { OperationOrder, OperationView, ReaderOperations } from '#gateway/ports/reader-operations.ts';
import { sampleInstallation } from '../sample-installation.ts';

export interface SampleReaderOperations extends ReaderOperations {
  readonly orders: OperationOrder[];
}

/** Takes every order and finishes none. */
export function createSampleReaderOperations(): SampleReaderOperations {
  const orders: OperationOrder[] = [];
  const views: OperationView[] = [];
  return {
    orders,
    begin: (order) => {
      orders.push(order);
      const { request, operatorId } = order;
      const readerIds = 'readerIds' in request ? request.readerIds : [request.readerId];
      const readers = readerIds.map(
        (readerId) => ({ readerId, state: 'pending', stage: null, code: null, sentBytes: 0, totalBytes: 0, test: null }) as const,
      );
      const operation = { id: `op_${orders.length}`, kind: request.kind, operatorId, beganAtMs: 1, endedAtMs: null, readers };
      views.unshift(operation);
      return Promise.resolve({ ok: true, operation });
    },
    find: (id) => Promise.resolve(views.find((view) => view.id === id) ?? null),
    list: () => Promise.resolve(views),
    cancel: () => Promise.resolve(true),
    conditions: () =>
      Promise.resolve(
        sampleInstallation.readers.map(({ id: readerId }) => ({
          readerId,
          secureChannel: 1,
          key: { origin: 'rotated', setAtMs: 5, confirmedAtMs: 6, isSettled: true, isRotationWanted: false } as const,
          health: null,
        })),
      ),
  };
}
