import type { ReplayOutcome, ReplayProgress, ReplayRequest, TrialInput, TrialOutcome } from '#gateway/ports/policy-lab.ts';
import type { CompiledBundle } from '#gateway/domain/policy/signed-bundle.ts';
import type { Explanation } from '#gateway/domain/policy/explanation.ts';
import type { PolicyData } from '#gateway/domain/access/policy-data.ts';

/** Where the thread finds what it reads by itself. */
export interface LabFiles {
  readonly records: string;
  readonly audit: string;
}

/** What a lab thread is started with. Both ends are the same build: messages need no schema. */
export type LabJob =
  | {
      readonly kind: 'trial';
      readonly bundle: CompiledBundle;
      readonly data: PolicyData;
      readonly inputs: readonly TrialInput[];
      /** [0]: number of the last statement that was reached plus one; [1]: number of the input. Shared with the main thread. */
      readonly marker: SharedArrayBuffer;
      readonly stepsMax: number;
    }
  | { readonly kind: 'replay'; readonly request: ReplayRequest; readonly files: LabFiles; readonly stepsMax: number }
  | { readonly kind: 'explain'; readonly decisionId: string; readonly files: LabFiles };

export const MARKER_LENGTH_BYTES = 8;

export type LabMessage =
  /** Of the draft's statements by number, before the first of them runs. */
  | { readonly kind: 'places'; readonly places: readonly { readonly file: string; readonly row: number; readonly col: number }[] }
  | { readonly kind: 'progress'; readonly progress: ReplayProgress }
  | { readonly kind: 'trial'; readonly outcome: TrialOutcome }
  | { readonly kind: 'replay'; readonly outcome: ReplayOutcome }
  | { readonly kind: 'explained'; readonly explanation: Explanation | null };
