import express, { type RequestHandler } from 'express';
import { BODY_BYTES_MAX, errorBodySchema } from '../contract/common.ts';
import { respond } from './respond.ts';

const parseJson = express.json({ limit: BODY_BYTES_MAX, strict: true, type: 'application/json', inflate: false });

function hasBody(headers: { readonly 'content-length'?: string | undefined; readonly 'transfer-encoding'?: string | undefined }): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

const OWN_BODY_PATHS: ReadonlySet<string> = new Set(['/policy/drafts', '/policy/format']);

/** JSON of at most BODY_BYTES_MAX, or nothing (then `{}`). Another content type is refused unread. */
export const jsonBody: RequestHandler = (request, response, next) => {
  // Larger, and read by their own routes once it is known who sends it.
  if (OWN_BODY_PATHS.has(request.path)) return next();
  if (!hasBody(request.headers)) {
    request.body = {};
    next();
    return;
  }
  if (request.is('application/json') === false) {
    const error = { code: 'request.invalid', message: 'Send application/json.', field: 'content-type' };
    respond(response, errorBodySchema, { error }, 415);
    return;
  }
  parseJson(request, response, next);
};
