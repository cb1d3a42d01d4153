import type { Request, Response, Router } from 'express';
import { GatewayError } from '../../domain/errors.ts';
import type { Exchange } from '../../oidc/sign-in/interactions.ts';
import type { UpstreamSignIn } from '../../upstream/upstream-sign-in.ts';
import { continueSchema, upstreamChoiceSchema } from '../contract/sign-in.ts';
import { parseBody, parseId } from '../middleware/parse.ts';
import { respond } from '../middleware/respond.ts';
import type { RouteDeps } from './deps.ts';

const exchangeOf = (request: Request, response: Response): Exchange => ({ request, response, uid: parseId(request, 'uid') });

/** The way to an identity provider outside and back, below the address at which the sign-in's cookie lives. */
export function registerUpstreamRoutes(router: Router, { rateLimits }: Pick<RouteDeps, 'rateLimits'>, upstream: UpstreamSignIn): void {
  router.post('/interaction/:uid/upstream', async (request, response) => {
    await rateLimits.count('ceremony', request);
    const { upstream: id } = parseBody(upstreamChoiceSchema, request);
    respond(response, continueSchema, { redirectTo: await upstream.begin(exchangeOf(request, response), id) });
  });

  // A browser that comes back from elsewhere: a page, and no script of ours, makes this request.
  router.get('/interaction/:uid/upstream/callback', async (request, response) => {
    await rateLimits.count('ceremony', request);
    const { searchParams } = new URL(request.url, 'http://gateway.invalid');
    const exchange = exchangeOf(request, response);
    const next = await upstream.finish(exchange, searchParams).catch((failure: unknown) => {
      // The page says that the sign-in has expired, and where to begin again; a browser that comes back is shown no JSON.
      if (failure instanceof GatewayError && failure.code === 'resource.unknown') return `/signin/${encodeURIComponent(exchange.uid)}`;
      throw failure;
    });
    response.set('cache-control', 'no-store').redirect(303, next);
  });
}
