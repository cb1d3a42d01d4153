import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { RequestHandler } from 'express';
import helmet from 'helmet';

interface Options {
  readonly publicUrl: string;
  /** Origins to which a form post of these pages may be redirected. */
  readonly formOrigins: readonly string[];
  /** Of the desk agent on the browser's own machine: the one thing beside the gateway that a page talks to. */
  readonly agentOrigins?: readonly string[];
}

const permissionsPolicy = [
  'publickey-credentials-get=(self)',
  'publickey-credentials-create=(self)',
  'camera=()',
  'microphone=()',
  'geolocation=()',
  'usb=()',
  'serial=()',
].join(', ');

/** Nothing is allowed that the pages do not need; no inline script or style, no DOM sink takes a plain string. */
function toHelmet({ publicUrl, formOrigins, agentOrigins = [] }: Options): ReturnType<typeof helmet> {
  const isSecure = publicUrl.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'font-src': ["'self'"],
        'connect-src': ["'self'", ...agentOrigins],
        'manifest-src': ["'self'"],
        'form-action': ["'self'", ...formOrigins],
        'base-uri': ["'none'"],
        'frame-ancestors': ["'none'"],
        'require-trusted-types-for': ["'script'"],
        'trusted-types': ["'none'"],
      },
    },
    strictTransportSecurity: isSecure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  });
}

/** Sets the headers that every answer of the pages' origin carries. */
export type SetSecurityHeaders = (response: ServerResponse) => void;

/** They are the same each time, so they are made once: making them anew costs more than the rest of a short answer. */
export function createSetSecurityHeaders(options: Options): SetSecurityHeaders {
  const sample = new ServerResponse(new IncomingMessage(new Socket()));
  toHelmet(options)(sample.req, sample, (failure?: unknown) => {
    if (failure !== undefined) throw new TypeError('the security headers cannot be made', { cause: failure });
  });
  const headers = new Map(Object.entries(sample.getHeaders()).map(([name, value]) => [name, String(value)]));
  headers.set('permissions-policy', permissionsPolicy);
  return (response) => {
    response.setHeaders(headers);
  };
}

export function createSecurityHeaders(options: Options): RequestHandler {
  const setHeaders = createSetSecurityHeaders(options);
  return (_request, response, next) => {
    setHeaders(response);
    next();
  };
}
