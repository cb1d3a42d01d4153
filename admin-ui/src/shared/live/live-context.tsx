import { createContext, useContext, useSyncExternalStore } from 'react';
import type { LiveFeed, LiveSnapshot } from './live-feed.ts';

export const LiveContext = createContext<LiveFeed | null>(null);

const idle: LiveSnapshot = { connection: 'connecting', entries: [], headSeq: -1, seenAtMs: 0 };
const noop = () => () => undefined;

export function useLive(): LiveSnapshot {
  const feed = useContext(LiveContext);
  return useSyncExternalStore(feed?.subscribe ?? noop, feed?.snapshot ?? (() => idle));
}
