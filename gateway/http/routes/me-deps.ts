import type { OwnCallers } from '../own-callers.ts';
import type { Portal } from '../portal.ts';
import type { RouteDeps } from './deps.ts';

/** What the routes of people's own side use. */
export interface MeDeps extends Pick<
  RouteDeps,
  'publicUrl' | 'addresses' | 'authentication' | 'consoleSessions' | 'people' | 'rateLimits' | 'clock'
> {
  readonly portal: Portal;
  readonly ownCallers: OwnCallers;
  readonly ownCookieName: string;
}
