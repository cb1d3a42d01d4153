import type { PolicyData } from '../domain/access/policy-data.ts';
import type { Explanation } from '../domain/policy/explanation.ts';
import type { ImpactReport, ReplayWindow } from '../domain/policy/impact-report.ts';
import type { CompiledBundle } from '../domain/policy/signed-bundle.ts';

/** Rule calls and loop steps that one decision of a draft may take: shipped policies take some hundreds for the largest input. */
export const DRAFT_STEPS_MAX = 200_000;
/** JavaScript heap of the thread that runs a draft, MB. */
export const LAB_HEAP_MB_MAX = 512;
/** A trial of a draft with some hundred inputs takes a second; one that takes longer loops, ms. */
export const TRIAL_TIMEOUT_MS = 20_000;
/** A replay of a million decisions takes some forty seconds of one core, ms. */
export const REPLAY_TIMEOUT_MS = 30 * 60_000;
/** An explanation with its search for what would permit takes some 0.4 s beside the start of its thread, ms. */
export const EXPLAIN_TIMEOUT_MS = 20_000;

export interface TrialInput {
  readonly name: string;
  readonly input: unknown;
}

export interface Place {
  readonly file: string;
  readonly row: number;
  readonly col: number;
}

export interface TrialRun {
  readonly name: string;
  readonly answer: unknown;
  /** Whether the engine that decides gave the same answer. */
  readonly agrees: boolean;
  readonly steps: number;
  /** Of the engine that decides, ms. */
  readonly tookMs: number;
}

export type TrialOutcome =
  | { readonly ok: true; readonly runs: readonly TrialRun[] }
  | {
      readonly ok: false;
      /** `time`, `memory`: the thread was ended. */
      readonly fault: 'steps' | 'time' | 'memory' | 'conflict' | 'failed';
      /** The input with which it happened. */
      readonly name: string;
      /** The statement at which it happened; null when it never got to one. */
      readonly place: Place | null;
      readonly message: string;
    };

export interface ReplayRequest {
  /** Id of the draft in the store; it has been compiled. */
  readonly revisionId: string;
  readonly window: ReplayWindow;
  /** Under which data: that of each decision's own time, or today's for all. */
  readonly data: 'then' | 'today';
  readonly todayDataRevision: string;
  /** Compare with the answer under this data, and not with what was recorded: then only the data differs. */
  readonly beforeDataRevision?: string;
}

export interface ReplayProgress {
  readonly decisions: number;
  readonly flips: number;
  /** How much of the window is behind, 0..1. */
  readonly share01: number;
}

export type ReplayOutcome =
  | { readonly ok: true; readonly report: ImpactReport }
  | { readonly ok: false; readonly fault: 'cancelled' | 'time' | 'memory' | 'failed'; readonly message: string };

/** Runs drafts where they can do no harm: in a thread of its own that is terminated on time, with bounded memory and steps. */
export interface PolicyLab {
  /** Evaluates inputs in both engines. @throws request.rate_limited too many wait */
  trial(request: {
    readonly bundle: CompiledBundle;
    readonly data: PolicyData;
    readonly inputs: readonly TrialInput[];
  }): Promise<TrialOutcome>;
  /** Decides every recorded decision of a window again. @throws request.rate_limited too many wait */
  replay(
    request: ReplayRequest,
    control: { readonly signal: AbortSignal; readonly onProgress: (progress: ReplayProgress) => void },
  ): Promise<ReplayOutcome>;
}

/** Explains where nobody's decision waits for it. */
export interface PolicyExplainer {
  /**
   * Null when the log has no such decision. The plan of its policy is kept already: there is no compiler here.
   * @throws request.rate_limited too many wait; policy.evaluation_failed it took too long or too much memory
   */
  explain(decisionId: string): Promise<Explanation | null>;
}
