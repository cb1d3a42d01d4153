import type { Reply } from '../messages/replies.ts';
import type { OpenedView } from './followed-channel.ts';
import type { Anomaly, MonitorKeyKind, ReaderLineView } from './views.ts';

export interface SeenReply {
  readonly nowMs: number;
  readonly turnaroundMs: number | null;
  readonly isRepeat: boolean;
  readonly opened: OpenedView;
  readonly message: Reply | null;
  readonly anomalies: readonly Anomaly[];
}

/** Counters of one address: numbers only, whatever happens on the line. */
export class ReaderStatistics {
  unanswered = 0;
  readonly #address: number;
  readonly #firstSeenMs: number;
  readonly #anomalies = new Map<Anomaly, number>();
  #lastSeenMs: number;
  #commands = 0;
  #replies = 0;
  #repeats = 0;
  #naks = 0;
  #busy = 0;
  #macsValid = 0;
  #macsWrong = 0;
  #turnaround = { count: 0, sumMs: 0, minMs: Number.POSITIVE_INFINITY, maxMs: 0 };

  constructor(address: number, nowMs: number) {
    this.#address = address;
    this.#firstSeenMs = nowMs;
    this.#lastSeenMs = nowMs;
  }

  command(nowMs: number, isRepeat: boolean, opened: OpenedView, anomalies: readonly Anomaly[]): void {
    this.#commands += 1;
    this.#count(isRepeat, opened);
    this.note(anomalies, nowMs);
  }

  reply({ nowMs, turnaroundMs, isRepeat, opened, message, anomalies }: SeenReply): void {
    this.#replies += 1;
    this.#count(isRepeat, opened);
    if (message?.name === 'NAK') this.#naks += 1;
    if (message?.name === 'BUSY') this.#busy += 1;
    if (turnaroundMs !== null) {
      const { count, sumMs, minMs, maxMs } = this.#turnaround;
      this.#turnaround = {
        count: count + 1,
        sumMs: sumMs + turnaroundMs,
        minMs: Math.min(minMs, turnaroundMs),
        maxMs: Math.max(maxMs, turnaroundMs),
      };
    }
    this.note(anomalies, nowMs);
  }

  note(anomalies: readonly Anomaly[], nowMs: number): void {
    this.#lastSeenMs = nowMs;
    for (const anomaly of anomalies) this.#anomalies.set(anomaly, (this.#anomalies.get(anomaly) ?? 0) + 1);
  }

  toView(now: {
    readonly state: 'none' | 'handshake' | 'open';
    readonly keyKind: MonitorKeyKind | null;
    readonly identity: string | null;
  }): ReaderLineView {
    const { count, sumMs, minMs, maxMs } = this.#turnaround;
    return {
      address: this.#address,
      security: toSecurity(now.state, now.keyKind),
      identity: now.identity,
      commands: this.#commands,
      replies: this.#replies,
      repeats: this.#repeats,
      unanswered: this.unanswered,
      naks: this.#naks,
      busy: this.#busy,
      macsValid: this.#macsValid,
      macsWrong: this.#macsWrong,
      turnaround: count === 0 ? null : { count, minMs, meanMs: sumMs / count, maxMs },
      anomalies: Object.fromEntries(this.#anomalies),
      firstSeenMs: this.#firstSeenMs,
      lastSeenMs: this.#lastSeenMs,
    };
  }

  #count(isRepeat: boolean, { mac }: OpenedView): void {
    if (isRepeat) this.#repeats += 1;
    else if (mac === 'valid') this.#macsValid += 1;
    else if (mac === 'wrong') this.#macsWrong += 1;
  }
}

function toSecurity(state: 'none' | 'handshake' | 'open', keyKind: MonitorKeyKind | null): ReaderLineView['security'] {
  if (state === 'none') return 'clear';
  if (state === 'handshake') return 'handshake';
  return keyKind === 'scbk_d' ? 'default_key' : 'secure';
}
