import type { ErrorRequestHandler, RequestHandler } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import type { Logger } from '../../platform/logger.ts';
import { errorBodySchema, type ErrorBody } from '../contract/common.ts';
import { RateLimited } from './rate-limits.ts';
import { DeniedRequest, InvalidRequest, statusOf } from './request-error.ts';
import { respond } from './respond.ts';

interface Failure {
  readonly status: number;
  readonly body: ErrorBody;
}

function failure(status: number, code: string, message: string, more: { field?: string; decisionId?: string } = {}): Failure {
  return { status, body: { error: { code, message, ...more } } };
}

function ofGatewayError(error: GatewayError): Failure {
  if (error instanceof DeniedRequest) {
    return failure(403, error.deny.reasons[0], error.publicMessage, { decisionId: error.deny.id });
  }
  const field = error instanceof InvalidRequest ? error.field : undefined;
  return failure(statusOf(error.code), error.code, error.publicMessage, field === undefined ? {} : { field });
}

/** What Express and its body parser throw has a `type` or a 4xx `status`; their messages may quote the input and stay inside. */
function ofForeignError(error: unknown): Failure {
  const { type, status } = (typeof error === 'object' && error !== null ? error : {}) as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.too.large':
      return failure(413, 'request.too_large', 'The request body is too large.');
    case 'entity.parse.failed':
      return failure(400, 'request.invalid', 'The request body is not valid JSON.', { field: 'body' });
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return failure(415, 'request.invalid', 'The body’s encoding is not supported: send JSON in UTF-8.', { field: 'content-encoding' });
    default:
      return typeof status === 'number' && status >= 400 && status < 500
        ? failure(status, 'request.invalid', 'The request was not understood.')
        : failure(500, 'internal.failure', 'Something failed inside the gateway. Nothing was granted.');
  }
}

/** The end of every failed request: a clear body for the caller, one line for the operator, and the process lives. */
export function createErrorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { status, body } = error instanceof GatewayError ? ofGatewayError(error) : ofForeignError(error);
    if (status >= 500) log.error('http.failed', { method: request.method, path: request.path, status }, error);
    // Too late for an answer: Express closes the connection, which a half-sent body needs.
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof RateLimited) response.set('retry-after', String(error.retryAfterS));
    respond(response, errorBodySchema, body, status);
  };
}

export const unknownRoute: RequestHandler = (_request, response) => {
  respond(response, errorBodySchema, { error: { code: 'resource.unknown', message: 'There is nothing at this address.' } }, 404);
};
