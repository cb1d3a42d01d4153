import { performance } from 'node:perf_hooks';
import type { LineView } from '#gateway/ports/line-view.ts';
import type { WatchedFrame, WatchedFrames } from '#gateway/ports/reader-watch.ts';
import { LineMonitor } from './monitor/line-monitor.ts';
import type { Direction } from './wire/direction.ts';

/** Frames of one line that are kept, polls and their empty answers left out. */
export const WATCHED_FRAMES_MAX = 500;
/** A watch that nobody asks for so long ends, ms: a console asks every second. */
export const WATCH_LEASE_MS = 10_000;
/** Lines that are watched at once; one more ends the one that was asked for longest ago. */
export const LINES_WATCHED_MAX = 4;

/** Where the bytes of a line can be overheard. `tap` is null while nobody listens. */
export interface TappableLine {
  tap: ((direction: Direction, bytes: Uint8Array, nowMs: number) => void) | null;
}

interface Watch {
  readonly monitor: LineMonitor;
  readonly frames: WatchedFrame[];
  droppedSeq: number;
  idleFrames: number;
  askedMs: number;
  timer: NodeJS.Timeout;
}

/** Watches lines while somebody asks: one bounded ring of frames for each. */
export class LineWatch {
  readonly #watches = new Map<TappableLine, Watch>();
  #lastSeq = 0;

  get watched(): number {
    return this.#watches.size;
  }

  frames(line: TappableLine, address: number, afterSeq: number): WatchedFrames {
    const watch = this.#watches.get(line) ?? this.#begin(line);
    watch.askedMs = performance.now();
    watch.timer.refresh();
    // A number of another run of the node means nothing here.
    const after = afterSeq > this.#lastSeq ? 0 : afterSeq;
    return {
      frames: watch.frames.filter(({ seq, view }) => seq > after && view.address === address),
      lastSeq: this.#lastSeq,
      hasGap: after > 0 && watch.droppedSeq > after,
      idleFrames: watch.idleFrames,
    };
  }

  stop(): void {
    for (const line of this.#watches.keys()) this.#end(line);
  }

  #begin(line: TappableLine): Watch {
    if (this.#watches.size >= LINES_WATCHED_MAX) {
      const [oldest] = [...this.#watches].toSorted(([, left], [, right]) => left.askedMs - right.askedMs);
      if (oldest !== undefined) this.#end(oldest[0]);
    }
    const timer = setTimeout(() => this.#end(line), WATCH_LEASE_MS).unref();
    const watch: Watch = { monitor: new LineMonitor(), frames: [], droppedSeq: this.#lastSeq, idleFrames: 0, askedMs: 0, timer };
    this.#watches.set(line, watch);
    line.tap = (_direction, bytes, nowMs) => {
      try {
        for (const view of watch.monitor.push(bytes, performance.timeOrigin + nowMs)) this.#keep(watch, view);
      } catch {
        // Looking must never hurt what is looked at: the doors go on, the watch ends.
        this.#end(line);
      }
    };
    return watch;
  }

  #keep(watch: Watch, view: LineView): void {
    if (isIdle(view)) {
      watch.idleFrames += 1;
      return;
    }
    this.#lastSeq += 1;
    watch.frames.push({ seq: this.#lastSeq, view });
    if (watch.frames.length > WATCHED_FRAMES_MAX) watch.droppedSeq = watch.frames.shift()?.seq ?? watch.droppedSeq;
  }

  #end(line: TappableLine): void {
    const watch = this.#watches.get(line);
    if (watch === undefined) return;
    this.#watches.delete(line);
    line.tap = null;
    clearTimeout(watch.timer);
    watch.monitor.dispose();
  }
}

function isIdle(view: LineView): boolean {
  if (view.kind === 'broken' || view.anomalies.length > 0 || view.isRepeat) return false;
  return view.name === 'POLL' || (view.name === 'ACK' && view.answers === 'POLL');
}
