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
export function createSecurityHeaders({ publicUrl, formOrigins, agentOrigins = [] }: Options): RequestHandler {
  const isSecure = publicUrl.startsWith('https:');
  const setHeaders = helmet({
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
  return (request, response, next) => {
    response.setHeader('permissions-policy', permissionsPolicy);
    setHeaders(request, response, next);
  };
}
