import { z } from 'zod';
import { isSitePrefix, SITE_HOST, SITE_TARGET_CHARS_MAX } from '../../domain/site/website.ts';
import { resourceRules } from './app-schema.ts';
import { isLoopbackHost } from './client-uri.ts';
import { field } from './field.ts';
import { idSchema, nameSchema } from './site-schema.ts';

export const WEBSITES_MAX = 500;
export const PATHS_PER_WEBSITE_MAX = 100;

/** An origin and nothing more. Plain http on loopback only: the website's cookie is a credential. */
function isSiteOrigin(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.origin !== text || !SITE_HOST.test(url.host)) return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname));
}

const pathPrefix = z
  .string()
  .max(SITE_TARGET_CHARS_MAX)
  .refine(isSitePrefix, 'is not a path such as /admin, without query, dots, double slashes, spaces or escapes that it does not need');

/** A web application behind a proxy that asks the gateway about each request. */
export const websiteSchema = z.strictObject({
  id: field(idSchema, 'id', 'Used in the log, in grants (as an app) and in the policy; do not change it later.'),
  name: field(nameSchema, 'text', 'Shown on the sign-in page.'),
  origin: field(
    z.string().max(300).refine(isSiteOrigin, 'is not an origin such as https://wiki.example.com (http only on loopback)'),
    'https://HOST[:PORT]',
    'As browsers know it. The proxy must pass paths below /.gatehouse/ of it to the gateway as well.',
  ),
  paths: field(
    z.array(pathPrefix).min(1).max(PATHS_PER_WEBSITE_MAX).default(['/']),
    'list of paths',
    'What of the origin it is. Of two websites of one origin the longer path counts, so that /admin can ask for more.',
  ),
  public_paths: field(z.array(pathPrefix).max(PATHS_PER_WEBSITE_MAX).default([]), 'list of paths', 'Below these nobody is asked.'),
  ...resourceRules,
});
