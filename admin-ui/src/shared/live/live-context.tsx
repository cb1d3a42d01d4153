import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveFeed, LiveSnapshot } from './live-feed.ts';
import { notKnownSince, notKnownText } from './not-known.ts';

export const LiveContext = createContext<LiveFeed | null>(null);

const idle: LiveSnapshot = { connection: 'connecting', entries: [], headSeq: -1, seenAtMs: 0 };
const noop = () => () => undefined;

export function useLive(): LiveSnapshot {
  const feed = useContext(LiveContext);
  return useSyncExternalStore(feed?.subscribe ?? noop, feed?.snapshot ?? (() => idle));
}

/** What to say instead of any state that the live connection keeps current; null while it is up. */
export function useNotKnown(): string | null {
  const sinceMs = notKnownSince(useLive());
  return sinceMs === null ? null : notKnownText(sinceMs, Date.now());
}
