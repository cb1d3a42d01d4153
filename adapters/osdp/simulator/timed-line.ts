import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LineFaults } from './line-faults.ts';
import type { LineReader } from './timed-line-model.ts';

const PROCESS_FILE = fileURLToPath(new URL('./timed-line-process.ts', import.meta.url));

/** How a reader behaves on the wire. */
export type Manners = Omit<LineReader, 'device'>;

export interface TimedLineOptions {
  /** Infinity is a line without wire time. */
  readonly baud: number;
  readonly turnaroundMs: number;
  readonly readers: readonly (Manners & { readonly address: number; readonly scbk: Uint8Array })[];
  /** Of everything random; 1 when left out. */
  readonly seed?: number;
}

/** Times are `monotonicMs()`. */
export type TimedLineOrder =
  | { readonly kind: 'card'; readonly reader: number; readonly bits: Uint8Array; readonly bitCount: number; readonly atMs: number }
  | { readonly kind: 'reboot'; readonly reader: number; readonly atMs: number }
  | { readonly kind: 'silent'; readonly reader: number; readonly isSilent: boolean }
  | { readonly kind: 'manners'; readonly reader: number; readonly manners: Manners }
  | { readonly kind: 'faults'; readonly faults: LineFaults }
  | { readonly kind: 'counters' };

export interface TimedLineCounters {
  readonly commands: number;
  readonly replies: number;
  readonly collisions: number;
  readonly faults: number;
}

export type TimedLineReport =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'card' | 'rebooted'; readonly reader: number; readonly atMs: number }
  | { readonly kind: 'output'; readonly reader: number; readonly output: number; readonly active: boolean; readonly atMs: number }
  | { readonly kind: 'counters'; readonly counters: TimedLineCounters };

/** Simulated readers on a wire that takes its time, behind a TCP port; `reader` is an index of the options' list. */
export interface TimedLine {
  readonly host: string;
  readonly port: number;
  /** Behind the readers' next words; reports come through `onReport`. */
  order(order: TimedLineOrder): void;
  /** Returns the function that ends it. */
  onReport(listener: (report: TimedLineReport) => void): () => void;
  counters(): Promise<TimedLineCounters>;
  close(): Promise<void>;
}

/** Starts the line in a process of its own, so that the controller's processor time is the controller's alone. */
export async function createTimedLine(options: TimedLineOptions): Promise<TimedLine> {
  const child = fork(PROCESS_FILE, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: [] });
  const listeners = new Set<(report: TimedLineReport) => void>();
  child.on('message', (message) => {
    for (const listener of listeners) listener(message as TimedLineReport); // from timed-line-process.ts
  });
  child.send(options);
  const port = await portOf(child, listeners);
  const onReport = (listener: (report: TimedLineReport) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    host: '127.0.0.1',
    port,
    order: (order) => void child.send(order),
    onReport,
    counters: () =>
      new Promise((resolve) => {
        const end = onReport((report) => {
          if (report.kind !== 'counters') return;
          end();
          resolve(report.counters);
        });
        child.send({ kind: 'counters' } satisfies TimedLineOrder);
      }),
    async close() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function portOf(child: ChildProcess, listeners: Set<(report: TimedLineReport) => void>): Promise<number> {
  return new Promise((resolve, reject) => {
    const listener = (report: TimedLineReport): void => {
      if (report.kind !== 'listening') return;
      listeners.delete(listener);
      resolve(report.port);
    };
    listeners.add(listener);
    child.once('exit', () => reject(new Error('the simulated line has ended')));
  });
}
