import { instantText } from '../ui/instant-text.ts';
import type { LiveSnapshot } from './live-feed.ts';

/**
 * Since when nothing is known of what only the live connection tells: null while it is up (or has just begun), 0 when it never was.
 * What was heard before is history: it is not shown as the state of a door.
 */
export function notKnownSince({ connection, seenAtMs }: LiveSnapshot): number | null {
  return connection === 'live' || connection === 'connecting' ? null : seenAtMs;
}

export function notKnownText(sinceMs: number, nowMs: number): string {
  return sinceMs === 0 ? 'not known' : `not known since ${instantText(sinceMs, nowMs)}`;
}
