/** A share with its 95 % confidence interval (Wilson 1927). */
export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface ThresholdFigures {
  readonly threshold: number;
  /** False match rate: impostors above the threshold. */
  readonly fmr: Interval;
  /** False non-match rate: genuine pairs below it. */
  readonly fnmr: Interval;
}

export interface RocPoint {
  readonly threshold: number;
  readonly fmr: number;
  readonly fnmr: number;
}

export interface VerificationSummary {
  readonly pairs: number;
  readonly failures: number;
  /** At the threshold that is best for this very set. */
  readonly accuracy: number;
  readonly bestThreshold: number;
  readonly eer: number;
  /** Share of genuine pairs accepted where at most this share of impostors is. */
  readonly tar_at_far_1e2: number;
  readonly tar_at_far_1e3: number;
}

export interface PresentationFigures {
  readonly threshold: number;
  /** By species: attacks that count as live. The largest is what an attacker chooses (ISO/IEC 30107-3). */
  readonly apcer: Readonly<Record<string, Interval>>;
  readonly apcerMax: number;
  /** Living faces that count as attacks. */
  readonly bpcer: Interval;
}

/** What the evaluation of a pack says; shares are 0 to 1. */
export interface EvalReport {
  readonly pack: { readonly id: string; readonly hash: string };
  readonly verification:
    | (VerificationSummary & {
        readonly crossValidated: { readonly mean: number; readonly deviation: number } | null;
        /** At each threshold of the pack's manifest for single pictures. */
        readonly thresholds: readonly ThresholdFigures[];
        readonly roc: readonly RocPoint[];
        readonly groups: Readonly<Record<string, VerificationSummary>>;
      })
    | null;
  readonly presentation: readonly PresentationFigures[] | null;
}
