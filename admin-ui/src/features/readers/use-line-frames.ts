import { useEffect, useState } from 'react';
import { readerFramesSchema } from '#gateway/http/contract/readers.ts';
import { getJson } from '../../shared/api/client.ts';
import { appendFrames, type LineRows, NO_ROWS } from './line-rows.ts';

/** Well inside the watch's lease. */
const ASK_EVERY_MS = 1_000;

/** The frames of a reader's line while `isWatching`; asking is what keeps the watch alive, and a hidden page does not ask. */
export function useLineFrames(readerId: string, isWatching: boolean): LineRows & { readonly error: unknown } {
  const [rows, setRows] = useState<LineRows>(NO_ROWS);
  const [error, setError] = useState<unknown>(null);
  const { lastSeq } = rows;
  useEffect(() => {
    if (!isWatching) return undefined;
    const abort = new AbortController();
    let after = lastSeq;
    const ask = async (): Promise<void> => {
      if (document.hidden) return;
      try {
        const path = `/api/readers/${encodeURIComponent(readerId)}/frames?after=${String(after)}`;
        const answer = await getJson(path, readerFramesSchema, abort.signal);
        after = answer.lastSeq;
        setError(null);
        setRows((before) => appendFrames(before, answer));
      } catch (failure) {
        if (!abort.signal.aborted) setError(failure);
      }
    };
    let timer: number | undefined;
    const again = async (): Promise<void> => {
      await ask();
      if (!abort.signal.aborted) timer = window.setTimeout(() => void again(), ASK_EVERY_MS);
    };
    void again();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
    // `lastSeq` is where a pause ended; while it runs the loop counts by itself.
  }, [readerId, isWatching]);
  return { ...rows, error };
}
