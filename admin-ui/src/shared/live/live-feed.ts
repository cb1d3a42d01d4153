import { entrySchema, type Entry, type LogPage } from '#gateway/http/contract/admin.ts';
import { createEventParser, type ServerEvent } from './event-parser.ts';

/** Entries that the page keeps; older ones are in the log. */
export const LIVE_ENTRIES_MAX = 500;
/** The gateway sends a comment every 15 s: silence for longer than two of them is a dead line. */
const SILENCE_MAX_MS = 40_000;
/** A gateway that takes the request and does not answer is as lost as one that is gone. */
const OPEN_TIMEOUT_MS = 10_000;
const RETRY_DELAY_BASE_MS = 250;
const RETRY_DELAY_MAX_MS = 8_000;
const NOTIFY_DELAY_MS = 40;

export interface LiveSnapshot {
  /** `refused`: the gateway wants a new sign-in. Anything but `live` means that what is shown may be out of date. */
  readonly connection: 'connecting' | 'live' | 'lost' | 'refused';
  /** Newest first. */
  readonly entries: readonly Entry[];
  readonly headSeq: number;
  /** When the line was last known to be good. */
  readonly seenAtMs: number;
}

export interface LiveFeedDeps {
  readonly loadPage: (signal: AbortSignal) => Promise<LogPage>;
  readonly open: (afterSeq: number, signal: AbortSignal) => Promise<Response>;
  /** Called once per batch of new entries, oldest first. */
  readonly onEntries: (entries: readonly Entry[]) => void;
  /** Called when entries may have been missed: everything shown must be asked for again. */
  readonly onReset: () => void;
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** The subscription to the log: first page, then the stream from there; every break is retried from the last entry seen. */
export class LiveFeed {
  readonly #deps: LiveFeedDeps;
  readonly #listeners = new Set<() => void>();
  #snapshot: LiveSnapshot = { connection: 'connecting', entries: [], headSeq: -1, seenAtMs: 0 };
  #pending: Entry[] = [];
  #notifyTimer: ReturnType<typeof setTimeout> | undefined;
  #stopped = new AbortController();

  constructor(deps: LiveFeedDeps) {
    this.#deps = deps;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): LiveSnapshot => this.#snapshot;

  start(): () => void {
    this.#stopped = new AbortController();
    const { signal } = this.#stopped;
    this.#run(signal).catch(() => {
      if (!signal.aborted) this.#set({ connection: 'lost' });
    });
    return () => {
      this.#stopped.abort();
      clearTimeout(this.#notifyTimer);
      this.#notifyTimer = undefined;
    };
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const before = this.#snapshot.seenAtMs;
      const end = await this.#connect(signal).catch(() => 'broken' as const);
      if (signal.aborted) return;
      this.#set({ connection: end === 'refused' ? 'refused' : 'lost' });
      failures = this.#snapshot.seenAtMs > before ? 1 : failures + 1;
      const delayMs = end === 'refused' ? RETRY_DELAY_MAX_MS : Math.min(RETRY_DELAY_MAX_MS, RETRY_DELAY_BASE_MS * 2 ** failures);
      await this.#deps.wait(delayMs, signal);
    }
  }

  async #connect(signal: AbortSignal): Promise<'refused' | 'broken'> {
    if (this.#snapshot.headSeq < 0) await this.#loadFirstPage(signal);
    const line = new AbortController();
    const late = setTimeout(() => line.abort(), OPEN_TIMEOUT_MS);
    const opening = this.#deps.open(this.#snapshot.headSeq, AbortSignal.any([signal, line.signal]));
    const response = await opening.finally(() => clearTimeout(late));
    if (response.status === 401 || response.status === 403) return 'refused';
    if (!response.ok || response.body === null) return 'broken';
    this.#set({ connection: 'live', seenAtMs: this.#deps.now() });
    await this.#read(response.body, line);
    return 'broken';
  }

  async #loadFirstPage(signal: AbortSignal): Promise<void> {
    const page = await this.#deps.loadPage(signal);
    const headSeq = page.entries[0]?.seq ?? 0;
    this.#set({ entries: page.entries.slice(0, LIVE_ENTRIES_MAX), headSeq });
  }

  async #read(body: ReadableStream<Uint8Array>, line: AbortController): Promise<void> {
    const parser = createEventParser();
    const decoder = new TextDecoder();
    const reader = body.getReader();
    let watchdog = setTimeout(() => line.abort(), SILENCE_MAX_MS);
    try {
      for (;;) {
        const { value, done } = await reader.read();
        if (done) return;
        clearTimeout(watchdog);
        watchdog = setTimeout(() => line.abort(), SILENCE_MAX_MS);
        this.#snapshot = { ...this.#snapshot, seenAtMs: this.#deps.now() };
        for (const event of parser.push(decoder.decode(value, { stream: true }))) this.#take(event);
      }
    } finally {
      clearTimeout(watchdog);
      line.abort();
    }
  }

  #take(event: ServerEvent): void {
    if (event.name === 'reset') {
      this.#pending = [];
      this.#set({ headSeq: -1 });
      this.#deps.onReset();
      throw new RangeError('the stream fell behind');
    }
    if (event.name !== 'entry') return;
    const entry = entrySchema.parse(JSON.parse(event.data));
    if (entry.seq <= this.#snapshot.headSeq) return;
    this.#pending.push(entry);
    this.#snapshot = { ...this.#snapshot, headSeq: entry.seq };
    this.#notifyTimer ??= setTimeout(() => this.#flush(), NOTIFY_DELAY_MS);
  }

  /** Bursts are shown at once: one render for many entries. */
  #flush(): void {
    this.#notifyTimer = undefined;
    const fresh = this.#pending;
    if (fresh.length === 0) return;
    this.#pending = [];
    this.#set({ entries: [...fresh.toReversed(), ...this.#snapshot.entries].slice(0, LIVE_ENTRIES_MAX) });
    this.#deps.onEntries(fresh);
  }

  #set(change: Partial<LiveSnapshot>): void {
    this.#snapshot = { ...this.#snapshot, ...change };
    for (const listener of this.#listeners) listener();
  }
}

/** Ends early, without an error, when the signal is aborted. */
export function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
