import { fileURLToPath } from 'node:url';
import express, { type Router } from 'express';
import { createOpenapi } from './create-openapi.ts';
import { DOCS_FILES_PATH, renderDocs } from './render-docs.ts';

/** Made when first asked for: a gateway that nobody asks spends nothing on it. */
function once(make: () => string): () => string {
  let made: string | null = null;
  return () => (made ??= make());
}

/** What app teams read, for people and for programs. It tells nothing of this installation but its address. */
export function createDocsRoutes(publicUrl: string): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const document = once(() => JSON.stringify(createOpenapi(publicUrl)));
  const page = once(() => renderDocs(createOpenapi(publicUrl), publicUrl));
  router.get('/openapi.json', (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('json').send(document());
  });
  router.get('/docs', (_request, response) => {
    response.set('cache-control', 'public, max-age=300').type('html').send(page());
  });
  router.use(DOCS_FILES_PATH, express.static(fileURLToPath(new URL('./files', import.meta.url)), { index: false, maxAge: '1h' }));
  return router;
}
