import express, { type Express, type Response } from 'express';
import type { z } from 'zod';
import * as contract from '#gateway/http/contract/reader-operations.ts';
import { fakeReaders } from './fake-readers.ts';

type Answer = <T>(response: Response, schema: z.ZodType<T>, value: T) => void;
type Progress = contract.Operation['readers'][number];

const DAY_MS = 86_400_000;
const FILE_STEP_BYTES = 100;

/** Operations on readers: a new key and a move are done when asked after, a file goes in steps, a pairing waits until it is stopped. */
export function fakeOperationRoutes(app: Express, answer: Answer): void {
  const operations: contract.Operation[] = [];
  const begin = (response: Response, kind: contract.Operation['kind'], readerId: string, change: Partial<Progress>): void => {
    const progress: Progress = { readerId, state: 'running', stage: null, code: null, sentBytes: 0, totalBytes: 0, test: null, ...change };
    const id = `op_${String(operations.length + 1)}`;
    const operation = { id, kind, operatorId: 'usr_ada', beganAtMs: Date.now(), endedAtMs: null, readers: [progress] };
    operations.unshift(operation);
    answer(response, contract.begunSchema, { decisionId: `dec_${id}`, operation });
  };
  const advance = (operation: contract.Operation): contract.Operation => {
    const [before] = operation.readers;
    if (before === undefined || operation.endedAtMs !== null || operation.kind === 'pair') return operation;
    if (before.test !== null) return advanceTest(operation, before, before.test);
    const sentBytes = Math.min(before.totalBytes, before.sentBytes + FILE_STEP_BYTES);
    const isOver = sentBytes === before.totalBytes;
    const after: Progress = { ...before, sentBytes, state: isOver ? 'done' : 'running' };
    return { ...operation, readers: [after], endedAtMs: isOver ? Date.now() : null };
  };

  app.get('/api/reader-conditions', (_request, response) =>
    answer(response, contract.conditionsSchema, { conditions: fakeReaders.map(({ id }) => conditionOf(id)) }),
  );
  app.get('/api/reader-operations', (_request, response) => {
    answer(response, contract.operationsSchema, { operations: [...operations] });
    operations.splice(0, operations.length, ...operations.map(advance));
  });
  app.post('/api/reader-operations/rotation', (request, response) => {
    const { scope } = contract.rotationBodySchema.parse(request.body);
    begin(response, 'rotate_keys', scope.kind === 'reader' ? scope.id : '', { stage: 'key_sent' });
  });
  app.post('/api/reader-operations/line-test', (request, response) => {
    const { scope, exchanges } = contract.lineTestBodySchema.parse(request.body);
    begin(response, 'test_line', scope.id, { stage: 'testing', test: { done: 0, total: exchanges, quality: null } });
  });
  app.post('/api/reader-operations/:id/cancel', (request, response) => {
    const index = operations.findIndex(({ id }) => id === request.params.id);
    const operation = operations[index];
    if (operation !== undefined) {
      const readers = operation.readers.map((progress) => ({ ...progress, state: 'cancelled' as const }));
      operations[index] = { ...operation, endedAtMs: Date.now(), readers };
    }
    answer(response, contract.cancelledSchema, { cancelled: operation !== undefined });
  });
  app.post('/api/readers/:id/pairing', (request, response) => {
    contract.pairBodySchema.parse(request.body);
    begin(response, 'pair', request.params.id, { stage: 'waiting' });
  });
  app.post('/api/readers/:id/line', (request, response) => {
    contract.lineBodySchema.parse(request.body);
    begin(response, 'set_line', request.params.id, { stage: 'moving' });
  });
  app.post('/api/readers/:id/file', express.raw({ type: 'application/octet-stream' }), (request, response) => {
    contract.fileQuerySchema.parse(request.query);
    const totalBytes = request.body instanceof Uint8Array ? request.body.length : 0;
    begin(response, 'transfer_file', request.params.id, { stage: 'sending', totalBytes });
  });
}

/** Half of it each time somebody asks. */
function advanceTest(operation: contract.Operation, before: Progress, { done, total }: NonNullable<Progress['test']>): contract.Operation {
  const next = Math.min(total, done + Math.ceil(total / 2));
  if (next < total) return { ...operation, readers: [{ ...before, test: { done: next, total, quality: null } }] };
  const quality = {
    exchanges: total,
    failed: 0,
    retries: 2,
    badChecks: 2,
    errorShare01: 0.01,
    roundTripP50Ms: 3.1,
    roundTripP99Ms: 8.4,
    verdict: 'marginal',
  } as const;
  return { ...operation, endedAtMs: Date.now(), readers: [{ ...before, state: 'done', test: { done: total, total, quality } }] };
}

function conditionOf(readerId: string): contract.Condition {
  return {
    readerId,
    secureChannel: 1,
    key: { origin: 'rotated', setAtMs: Date.now() - 3 * DAY_MS, confirmedAtMs: Date.now(), isSettled: true, isRotationWanted: false },
    online: true,
    isInstalling: false,
    isBusy: false,
    address: 1,
    baud: 9_600,
    channelAgeMs: 180_000,
    channelExchanges: 5_000,
  };
}
