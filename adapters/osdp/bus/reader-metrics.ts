import { RoundTrips } from './round-trips.ts';

/** What one reader did since the start. Only ever grows, in bounded memory. */
export interface ReaderCounters {
  /** Frames sent to it for the first time: polls and commands. */
  readonly exchanges: number;
  readonly polls: number;
  readonly retries: number;
  readonly timeouts: number;
  /** Frames with a wrong check or length while it had the line. */
  readonly badChecks: number;
  /** How often it went off line. */
  readonly offline: number;
  readonly roundTripP50Ms: number;
  readonly roundTripP99Ms: number;
  readonly roundTripMaxMs: number;
}

export class ReaderMetrics {
  readonly roundTrips = new RoundTrips();
  exchanges = 0;
  polls = 0;
  retries = 0;
  timeouts = 0;
  badChecks = 0;
  offline = 0;

  get counters(): ReaderCounters {
    return {
      exchanges: this.exchanges,
      polls: this.polls,
      retries: this.retries,
      timeouts: this.timeouts,
      badChecks: this.badChecks,
      offline: this.offline,
      roundTripP50Ms: this.roundTrips.percentileMs(0.5),
      roundTripP99Ms: this.roundTrips.percentileMs(0.99),
      roundTripMaxMs: this.roundTrips.maxMs,
    };
  }
}
