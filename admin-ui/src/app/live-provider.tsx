import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { logPageSchema } from '#gateway/http/contract/admin.ts';
import { getJson } from '../shared/api/client.ts';
import { logPath, sessionQuery, statusQuery } from '../shared/api/queries.ts';
import { LiveContext } from '../shared/live/live-context.tsx';
import { LiveFeed, waitFor } from '../shared/live/live-feed.ts';
import { applyEntries } from './apply-entries.ts';

const FIRST_PAGE_SIZE = 150;

/** One subscription for the whole console: the feed shows its entries, and every other page is brought up to date by them. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [feed] = useState(
    () =>
      new LiveFeed({
        loadPage: (signal) => getJson(logPath({ limit: FIRST_PAGE_SIZE }, null), logPageSchema, signal),
        open: (afterSeq, signal) =>
          fetch('/api/events', {
            signal,
            cache: 'no-store',
            credentials: 'same-origin',
            headers: { accept: 'text/event-stream', 'last-event-id': String(afterSeq) },
          }),
        onEntries: (entries) => applyEntries(queries, entries),
        onReset: () => void queries.invalidateQueries(),
        now: () => Date.now(),
        wait: waitFor,
      }),
  );
  useEffect(() => {
    const stop = feed.start();
    let before = feed.snapshot().connection;
    const unsubscribe = feed.subscribe(() => {
      const { connection } = feed.snapshot();
      if (connection === 'refused') void queries.invalidateQueries({ queryKey: sessionQuery.queryKey });
      // The stream makes up for what it missed, but the status is not in it: the gateway may be another process by now.
      if (connection === 'live' && before === 'lost') void queries.invalidateQueries({ queryKey: statusQuery.queryKey });
      before = connection;
    });
    return () => {
      unsubscribe();
      stop();
    };
  }, [feed, queries]);
  return <LiveContext value={feed}>{children}</LiveContext>;
}
