import type { RouteDeps } from './deps.ts';

/** What the routes of people's own side use. */
export type MeDeps = Pick<
  RouteDeps,
  | 'publicUrl'
  | 'addresses'
  | 'authentication'
  | 'consoleSessions'
  | 'people'
  | 'rateLimits'
  | 'clock'
  | 'portal'
  | 'ownCallers'
  | 'ownCookieName'
>;
