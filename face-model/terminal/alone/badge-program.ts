import { spawn, type ChildProcess } from 'node:child_process';

/** Longest line that is read as a badge, characters; a longer one is none. */
export const BADGE_LINE_MAX = 96;
/** Pauses before the program is started again, ms: the last one from then on. A badge begins them anew. */
const RESTART_PAUSES_MS = [250, 1_000, 5_000, 30_000] as const;
const BADGE = /^[A-Za-z0-9_-]{1,32}:[0-9]{0,20}:[0-9A-Fa-f]{1,40}$/;

/** A program that writes a line a badge, `FORMAT:FACILITY:NUMBER` as the gateway names it, run for as long as the terminal runs. No shell is asked. */
export class BadgeProgram {
  readonly #command: readonly [string, ...string[]];
  readonly #onBadge: (badgeKey: string) => void;
  readonly #monotonicMs: () => number;
  #child: ChildProcess | null = null;
  #startAtMs: number;
  #failures = 0;
  #isStopped = false;

  constructor(options: {
    readonly command: readonly [string, ...string[]];
    readonly onBadge: (badgeKey: string) => void;
    readonly monotonicMs: () => number;
  }) {
    this.#command = options.command;
    this.#onBadge = options.onBadge;
    this.#monotonicMs = options.monotonicMs;
    this.#startAtMs = options.monotonicMs();
    this.tick();
  }

  /** Due ten times a second. */
  tick(): void {
    if (!this.#isStopped && this.#child === null && this.#monotonicMs() >= this.#startAtMs) this.#start();
  }

  stop(): void {
    this.#isStopped = true;
    this.#child?.kill('SIGTERM');
  }

  #start(): void {
    const [program, ...args] = this.#command;
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#child = child;
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
      const lines = `${text}${chunk.toString('latin1')}`.split('\n');
      text = (lines.pop() ?? '').slice(0, BADGE_LINE_MAX + 1);
      for (const line of lines) this.#onLine(line.trim());
    });
    const ended = (): void => {
      if (this.#child !== child) return;
      this.#child = null;
      this.#startAtMs = this.#monotonicMs() + (RESTART_PAUSES_MS[Math.min(this.#failures, RESTART_PAUSES_MS.length - 1)] ?? 0);
      this.#failures += 1;
    };
    child.once('error', ended);
    child.once('close', ended);
  }

  #onLine(line: string): void {
    if (this.#isStopped || line.length > BADGE_LINE_MAX || !BADGE.test(line)) return;
    this.#failures = 0;
    this.#onBadge(line);
  }
}
