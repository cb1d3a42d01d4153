import { describe, expect, it } from 'vitest';
import type { Entry } from '#gateway/http/contract/admin.ts';
import { LIVE_ENTRIES_MAX, LiveFeed, type LiveFeedDeps, type LiveSnapshot } from '#admin-ui/src/shared/live/live-feed.ts';

const entry = (seq: number): Entry => ({
  seq,
  arrivedAtMs: seq,
  hash: 'h',
  record: { type: 'system', occurredAtMs: seq, event: 'started', detail: '' },
});
const frame = (seq: number) => `event: entry\nid: ${String(seq)}\ndata: ${JSON.stringify(entry(seq))}\n\n`;
const ends = (text: string) => new Response(text);
const stays = (text: string, signal: AbortSignal) =>
  new Response(
    new ReadableStream({
      start: (controller) => {
        controller.enqueue(new TextEncoder().encode(text));
        signal.addEventListener('abort', () => controller.error(signal.reason));
      },
    }),
  );

/** Runs the feed until `done` says so; every wait ends at once. */
async function runFeed(deps: Partial<LiveFeedDeps>, done: (snapshot: LiveSnapshot) => boolean): Promise<LiveSnapshot> {
  const feed = new LiveFeed({
    loadPage: async () => ({ entries: [entry(2), entry(1)], next: null }),
    open: async (_after, signal) => stays('', signal),
    onEntries: () => undefined,
    onReset: () => undefined,
    now: () => 1,
    wait: () => new Promise((resolve) => setImmediate(resolve)),
    ...deps,
  });
  const reached = new Promise<LiveSnapshot>((resolve) => {
    feed.subscribe(() => {
      if (done(feed.snapshot())) resolve(feed.snapshot());
    });
  });
  const stop = feed.start();
  const snapshot = await reached;
  stop();
  return snapshot;
}

describe('LiveFeed', () => {
  it('shows the first page and what the stream adds, newest first', async () => {
    const open: LiveFeedDeps['open'] = async (_after, signal) => stays(frame(3) + frame(4), signal);
    const { entries } = await runFeed({ open }, (snapshot) => snapshot.entries.length === 4);
    expect(entries.map(({ seq }) => seq)).toEqual([4, 3, 2, 1]);
  });

  it('resumes after the last entry seen when the line breaks', async () => {
    const afters: number[] = [];
    const open: LiveFeedDeps['open'] = async (after, signal) => {
      afters.push(after);
      return afters.length === 1 ? ends(frame(3)) : stays(frame(3) + frame(4), signal);
    };
    const { entries } = await runFeed({ open }, (snapshot) => snapshot.entries.length === 4);
    expect({ afters, seqs: entries.map(({ seq }) => seq) }).toEqual({ afters: [2, 3], seqs: [4, 3, 2, 1] });
  });

  it('says that the line is lost while it cannot be opened', async () => {
    const open = async () => Promise.reject(new TypeError('unreachable'));
    expect((await runFeed({ open }, ({ connection }) => connection !== 'connecting')).connection).toBe('lost');
  });

  it('says that it is refused when the session has ended', async () => {
    const open = async () => new Response(null, { status: 401 });
    expect((await runFeed({ open }, ({ connection }) => connection !== 'connecting')).connection).toBe('refused');
  });

  it('loads the first page again after a reset', async () => {
    let resets = 0;
    const open: LiveFeedDeps['open'] = async (_after, signal) => (resets === 0 ? ends('event: reset\ndata: {}\n\n') : stays('', signal));
    const loadPage = async () => ({ entries: resets === 0 ? [entry(1)] : [entry(9)], next: null });
    const { entries } = await runFeed({ open, loadPage, onReset: () => (resets += 1) }, ({ headSeq }) => headSeq === 9);
    expect({ resets, seqs: entries.map(({ seq }) => seq) }).toEqual({ resets: 1, seqs: [9] });
  });

  it.each([LIVE_ENTRIES_MAX, LIVE_ENTRIES_MAX + 1])('keeps at most LIVE_ENTRIES_MAX of %i entries', async (count) => {
    const page = Array.from({ length: count }, (_, index) => entry(count - index));
    const { entries } = await runFeed({ loadPage: async () => ({ entries: page, next: null }) }, ({ headSeq }) => headSeq === count);
    expect(entries.length).toBe(LIVE_ENTRIES_MAX);
  });
});
