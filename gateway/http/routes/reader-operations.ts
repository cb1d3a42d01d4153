import express, { type Request, type Router } from 'express';
import { explainUnknownAction, findUnknownAction } from '../../app/policy/unknown-action.ts';
import { READER_MAINTAIN, readersOf, type OrderCommand } from '../../app/readers/order-operation.ts';
import type { Deny } from '../../domain/access/decision.ts';
import { GatewayError, type ErrorCode } from '../../domain/errors.ts';
import type { ReaderId } from '../../domain/site/ids.ts';
import type { BeginOutcome, OperationView, ReaderCondition } from '../../ports/reader-operations.ts';
import { requireCaller, requireReader } from '../callers.ts';
import { emptySchema } from '../contract/common.ts';
import {
  begunSchema,
  cancelledSchema,
  conditionsSchema,
  fileQuerySchema,
  lineBodySchema,
  lineTestBodySchema,
  operationDetailSchema,
  operationsSchema,
  pairBodySchema,
  READER_FILE_BYTES_MAX,
  rotationBodySchema,
  type Condition,
  type Operation,
} from '../contract/reader-operations.ts';
import { parseBody, parseId, parseQuery } from '../middleware/parse.ts';
import { DeniedRequest, InvalidRequest } from '../middleware/request-error.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const MS_PER_MINUTE = 60_000;

type Refusal = Extract<BeginOutcome, { ok: false }>['code'];
const refusals: Readonly<Record<Refusal, readonly [ErrorCode, string]>> = {
  'reader.unknown': ['resource.unknown', 'This reader is not known.'],
  'reader.online': ['request.conflict', 'The reader is on line with its own key: there is nothing to pair. Give it a new key instead.'],
  'reader.offline': ['request.conflict', 'The reader does not answer.'],
  'reader.unsupported': ['request.conflict', 'Secure channel 2 has no pairing: set the key in the reader by its maker’s means.'],
  'reader.busy': ['request.conflict', 'Something is being done to this reader already: see /api/reader-operations.'],
  'operation.too_many': ['request.rate_limited', 'Too many operations at once. Wait until one is over.'],
  'operation.pairing_open': ['request.conflict', 'Another reader’s install window is open. One at a time.'],
  'operation.pairings_exceeded': ['request.rate_limited', 'Too many install windows within an hour.'],
};

/** What operators do to readers. Each beginning is decided by the policy and answered at once; what follows is asked after. */
export function registerReaderOperationRoutes(router: Router, deps: RouteDeps): void {
  router.get('/reader-operations', async (request, response) => {
    await requireReader(deps, request);
    respond(response, operationsSchema, { operations: (await deps.doorNode.operations.list()).map(toOperation) });
  });

  router.get('/reader-operations/:id', async (request, response) => {
    await requireReader(deps, request);
    const operation = await deps.doorNode.operations.find(parseId(request));
    if (operation === null) throw new GatewayError('resource.unknown', 'This operation is not known, or over for long.');
    respond(response, operationDetailSchema, { operation: toOperation(operation) });
  });

  router.get('/reader-conditions', async (request, response) => {
    await requireReader(deps, request);
    respond(response, conditionsSchema, { conditions: (await deps.doorNode.operations.conditions()).map(toCondition) });
  });

  router.post('/reader-operations/rotation', async (request, response) => {
    const { scope, reason } = parseBody(rotationBodySchema, request);
    const readerIds = readersOf(deps.sites, scope);
    if (readerIds.length === 0)
      throw new GatewayError('resource.unknown', `There is no reader in this ${scope.kind === 'all' ? 'site' : scope.kind}.`);
    const about = scope.kind === 'reader' ? scope.id : scope.kind === 'all' ? 'all' : `${scope.kind}:${scope.id}`;
    respond(response, begunSchema, await begin(deps, request, { about, reason, request: { kind: 'rotate_keys', readerIds } }), 202);
  });

  router.post('/reader-operations/line-test', async (request, response) => {
    const { scope, exchanges, reason } = parseBody(lineTestBodySchema, request);
    const readerIds = readersOf(deps.sites, scope);
    if (readerIds.length === 0) throw new GatewayError('resource.unknown', `This ${scope.kind} is not known.`);
    const about = scope.kind === 'reader' ? scope.id : `line:${scope.id}`;
    respond(
      response,
      begunSchema,
      await begin(deps, request, { about, reason, request: { kind: 'test_line', readerIds, exchanges } }),
      202,
    );
  });

  router.post('/reader-operations/:id/cancel', async (request, response) => {
    const { operator } = await requireCaller(deps.authenticate, request);
    parseBody(emptySchema, request);
    const outcome = await deps.orderReaderOperation.cancel(operator, parseId(request));
    if (outcome === null) throw new GatewayError('resource.unknown', 'This operation is not known, or over for long.');
    if (!outcome.ok) throw await denied(deps, outcome.deny);
    respond(response, cancelledSchema, { cancelled: outcome.cancelled });
  });

  router.post('/readers/:id/pairing', async (request, response) => {
    const { minutes, reason } = parseBody(pairBodySchema, request);
    const readerId = readerIdOf(deps, request);
    const wanted = { kind: 'pair', readerId, durationMs: minutes * MS_PER_MINUTE } as const;
    respond(response, begunSchema, await begin(deps, request, { about: readerId, reason, request: wanted }), 202);
  });

  router.post('/readers/:id/line', async (request, response) => {
    const { address, baud, reason } = parseBody(lineBodySchema, request);
    const readerId = readerIdOf(deps, request);
    respond(
      response,
      begunSchema,
      await begin(deps, request, { about: readerId, reason, request: { kind: 'set_line', readerId, address, baud } }),
      202,
    );
  });
}

/** The one body that is no JSON: registered before the middleware that refuses everything else, and read only for somebody who is signed in. */
export function registerReaderFileRoute(router: Router, deps: RouteDeps): void {
  const readBytes = express.raw({ limit: READER_FILE_BYTES_MAX, type: 'application/octet-stream', inflate: false });
  router.post(
    '/readers/:id/file',
    async (request, _response, next) => {
      await requireCaller(deps.authenticate, request);
      next();
    },
    readBytes,
    async (request, response) => {
      const { type: fileType, reason } = parseQuery(fileQuerySchema, request);
      const readerId = readerIdOf(deps, request);
      const bytes: unknown = request.body;
      if (!(bytes instanceof Uint8Array) || bytes.length === 0)
        throw new InvalidRequest('body: send a file as application/octet-stream', 'body');
      const wanted = { kind: 'transfer_file', readerId, fileType, bytes: Uint8Array.from(bytes) } as const;
      respond(response, begunSchema, await begin(deps, request, { about: readerId, reason, request: wanted }), 202);
    },
  );
}

async function begin(deps: RouteDeps, request: Request, command: Omit<OrderCommand, 'operator'>) {
  const { operator } = await requireCaller(deps.authenticate, request);
  await deps.rateLimits.count('maintenance', request);
  const outcome = await deps.orderReaderOperation.begin({ ...command, operator });
  if (!outcome.ok) throw await denied(deps, outcome.deny);
  const { begun, decisionId } = outcome;
  if (!begun.ok) throw new GatewayError(...refusals[begun.code]);
  return { decisionId, operation: toOperation(begun.operation) };
}

/** A policy that was published before readers were maintained at all permits it to nobody: then the operator is told what to do about that. */
async function denied({ policyLife, log }: RouteDeps, deny: Deny): Promise<DeniedRequest> {
  const unknown = await findUnknownAction(policyLife, READER_MAINTAIN, deny).catch((failure: unknown) => {
    log.warn('policy.unknown_action_unread', {}, failure);
    return null; // The denial stands, only its cause is not told.
  });
  return new DeniedRequest(deny, unknown === null ? null : explainUnknownAction(READER_MAINTAIN, unknown));
}

function readerIdOf(deps: RouteDeps, request: Request): ReaderId {
  const id = parseId(request);
  const reader = deps.sites.installation.readers.find((candidate) => candidate.id === id);
  if (reader === undefined) throw new GatewayError(...refusals['reader.unknown']);
  return reader.id;
}

function toOperation(view: OperationView): Operation {
  return { ...view, readers: [...view.readers] };
}

function toCondition({ readerId, secureChannel, key, health }: ReaderCondition): Condition {
  return {
    readerId,
    secureChannel,
    key,
    online: health?.isOnline === true,
    isInstalling: health?.isInstalling === true,
    isBusy: health?.isBusy === true,
    address: health?.address ?? null,
    baud: health?.baud ?? null,
    channelAgeMs: health?.channelAgeMs ?? null,
    channelExchanges: health?.channelExchanges ?? 0,
  };
}
