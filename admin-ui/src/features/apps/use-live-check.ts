import { useEffect, useState } from 'react';
import { liveCheckSchema, type LiveCheckView } from '#gateway/http/contract/apps.ts';
import { createEventParser } from '../../shared/live/event-parser.ts';
import { waitFor } from '../../shared/live/live-feed.ts';
import { appPath } from './app-queries.ts';

const RETRY_MS = 2_000;
/** The gateway says something every five seconds: a line that is silent for much longer is dead. */
const SILENCE_MAX_MS = 20_000;

export interface WatchedCheck {
  /** Null until the first answer. */
  readonly check: LiveCheckView | null;
  /** False: what is shown may be out of date. */
  readonly isLive: boolean;
}

/** What happens between an app and the gateway since a time, as long as the page shows it. */
export function useLiveCheck(appId: string, sinceMs: number): WatchedCheck {
  const [watched, setWatched] = useState<WatchedCheck>({ check: null, isLive: false });
  useEffect(() => {
    const stopped = new AbortController();
    const { signal } = stopped;
    const take = (check: LiveCheckView): void => setWatched({ check, isLive: true });
    const run = async (): Promise<void> => {
      while (!signal.aborted) {
        await readOnce(`${appPath(appId)}/live-check/events?since=${String(sinceMs)}`, signal, take).catch(() => undefined);
        if (signal.aborted) return;
        setWatched((last) => ({ ...last, isLive: false }));
        await waitFor(RETRY_MS, signal);
      }
    };
    void run();
    return () => stopped.abort();
  }, [appId, sinceMs]);
  return watched;
}

async function readOnce(path: string, signal: AbortSignal, take: (check: LiveCheckView) => void): Promise<void> {
  const line = new AbortController();
  let watchdog = setTimeout(() => line.abort(), SILENCE_MAX_MS);
  try {
    const response = await fetch(path, {
      headers: { accept: 'text/event-stream' },
      cache: 'no-store',
      signal: AbortSignal.any([signal, line.signal]),
    });
    if (!response.ok || response.body === null) return;
    const parser = createEventParser();
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      clearTimeout(watchdog);
      watchdog = setTimeout(() => line.abort(), SILENCE_MAX_MS);
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        if (event.name === 'check') take(liveCheckSchema.parse(JSON.parse(event.data)));
      }
    }
  } finally {
    clearTimeout(watchdog);
    line.abort();
  }
}
