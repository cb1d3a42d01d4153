import { join } from 'node:path';
import express, { type RequestHandler, type Router } from 'express';

const ASSET_MAX_AGE = '365d';
/** Pages of the single-page app; each loads the same document. */
const pages = [
  '/',
  '/console',
  '/console/*rest',
  '/signin/:uid',
  '/enrol',
  '/recover',
  '/me',
  '/me/*rest',
  '/demo',
  '/demo/*rest',
  '/vpn',
  '/vpn/*rest',
];

/** The built admin UI. Files in assets/ carry a hash in their name and never change; the document is always asked for. */
export function createStaticFiles(uiDir: string): Router {
  const router = express.Router({ caseSensitive: true });
  router.use('/assets', express.static(join(uiDir, 'assets'), { immutable: true, maxAge: ASSET_MAX_AGE, index: false, fallthrough: true }));
  router.use(express.static(uiDir, { index: false, maxAge: '1h', dotfiles: 'ignore', setHeaders: neverCacheDocument }));
  // What browsers ask for where a page names no icon.
  router.get('/favicon.ico', (_request, response) => response.redirect(308, '/favicon.svg'));
  const sendDocument: RequestHandler = (_request, response, next) => {
    response.sendFile('index.html', { root: uiDir, cacheControl: false, headers: { 'cache-control': 'no-cache' } }, (error?: Error) => {
      if (error !== undefined) next(error);
    });
  };
  router.get(pages, sendDocument);
  return router;
}

function neverCacheDocument(response: { setHeader(name: string, value: string): unknown }, path: string): void {
  if (path.endsWith('.html')) response.setHeader('cache-control', 'no-cache');
}
