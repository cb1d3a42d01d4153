import type { DecisionRecord } from '../domain/audit/record.ts';
import type { ReplayWindow } from '../domain/policy/impact-report.ts';

export interface DecisionPage {
  readonly decisions: readonly DecisionRecord[];
  /** How much of the window is behind once this page is, 0..1. */
  readonly share01: number;
}

/** The recorded decisions, for reading many of them. */
export interface DecisionHistory {
  /** Every decision that arrived in the window, page by page, oldest first. @throws store.corrupt, store.unavailable */
  read(window: ReplayWindow): AsyncGenerator<DecisionPage>;
  close(): void;
}
