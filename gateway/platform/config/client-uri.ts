import { z } from 'zod';
import { isClientUri } from '../../domain/apps/client-address.ts';

export { isClientUri, isLoopbackHost } from '../../domain/apps/client-address.ts';

export const clientUri = z.string().max(2_048).refine(isClientUri, 'is not an https URI without fragment (http only on loopback)');

/** Where the standard knows no exception for loopback (CIBA Core 4, OpenID Connect Registration 5). */
export const httpsClientUri = clientUri.refine(
  (text) => text.startsWith('https:'),
  'is not https, which the standard wants even on loopback',
);
