import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { GatewayError } from '../../domain/errors.ts';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the request names this host, once; the forwarding headers are then stated. */
export type AdmitHost = (request: IncomingMessage) => boolean;

/**
 * Host must be the public one: the provider derives its endpoints from it, and a page of another name (DNS rebinding) has no
 * business here. Exactly one (RFC 9112 3.2): Node keeps the first of several, a proxy in front may have routed by the last. The forwarding headers are then stated, not believed: the provider reads scheme and host from them.
 */
export function createAdmitHost(publicUrl: string): AdmitHost {
  const { host, protocol } = new URL(publicUrl);
  return (request) => {
    const claimed = request.headersDistinct['host'] ?? [];
    if (claimed.length !== 1 || claimed[0]?.toLowerCase() !== host) return false;
    request.headers['x-forwarded-host'] = host;
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1);
    return true;
  };
}

export function createHostCheck(publicUrl: string): RequestHandler {
  const admit = createAdmitHost(publicUrl);
  return (request, _response, next) => {
    if (!admit(request)) throw new GatewayError('request.invalid', 'This gateway does not answer under this host name.');
    next();
  };
}

/**
 * Cross-site request forgery: an unsafe method needs an Origin that is ours. Browsers always send it; a bearer token is no ambient
 * authority and needs none. The cookie is SameSite=Strict besides.
 */
export function createOriginCheck(publicUrl: string): RequestHandler {
  const { origin } = new URL(publicUrl);
  return (request, _response, next) => {
    const isBearer = request.headers.authorization?.startsWith('Bearer ') === true;
    const claimed = request.headers.origin;
    if (!SAFE_METHODS.has(request.method) && claimed !== origin && !(claimed === undefined && isBearer)) {
      throw new GatewayError('request.forbidden', 'This request did not come from the gateway’s own pages.');
    }
    next();
  };
}
