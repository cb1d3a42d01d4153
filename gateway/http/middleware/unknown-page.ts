import type { RequestHandler } from 'express';
import { renderNotFound } from '../../oidc/pages/pages.ts';
import { unknownRoute } from './errors.ts';

/** A person who has lost the way is shown a page; programs, which do not ask for one, are told in JSON. */
export const unknownPage: RequestHandler = (request, response, next) => {
  response.vary('Accept, Accept-Language, Cookie');
  const isReading = request.method === 'GET' || request.method === 'HEAD';
  if (!isReading || request.accepts(['json', 'html']) !== 'html') {
    unknownRoute(request, response, next);
    return;
  }
  response.status(404).set('cache-control', 'no-store').type('html').send(renderNotFound(request.headers));
};
