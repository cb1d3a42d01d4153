import type { PolicyData } from '../domain/access/policy-data.ts';
import type { PolicyRevision, RevisionContent, RevisionState } from '../domain/policy/revision.ts';
import type { CompiledBundle } from '../domain/policy/signed-bundle.ts';

/** Revisions that may be kept; none is ever removed. */
export const POLICY_REVISIONS_MAX = 20_000;
/** Data documents that are kept, newest use first. Those of a decision that is older than the retention may go sooner. */
export const DATA_DOCUMENTS_MAX = 20_000;
/** How long a data document is kept after it was last put into force, ms: 400 days. */
export const DATA_RETENTION_MS = 400 * 86_400_000;
/** Longest report (findings, tests, impact) of one revision, bytes of JSON. */
export const POLICY_REPORT_BYTES_MAX = 4 * 1024 * 1024;

export type PolicyReportKind = 'check' | 'test' | 'impact';

export interface PolicyActivation {
  readonly revisionId: string;
  readonly revision: string;
  /** Of what was active before; null for the first one. */
  readonly previousId: string | null;
  readonly activatedAtMs: number;
  /** 1 for the first activation of the installation. */
  readonly number: number;
}

/** Keeps every revision of the policy, its compiled form, which one is active, and every data document that decided anything. */
export interface PolicyStore {
  /** Inserts. @throws store.conflict there is one with this id, or as many as there may be */
  add(revision: PolicyRevision, content: RevisionContent): Promise<void>;
  find(id: string): Promise<PolicyRevision | null>;
  /** By the hash of its manifest; the newest when there are several of the same content. */
  findByRevision(revision: string): Promise<PolicyRevision | null>;
  /** Newest first. `beforeId` continues after the last one of the page before. */
  list(page: { readonly beforeId: string | null; readonly limit: number }): Promise<readonly PolicyRevision[]>;
  /** Null when the revision is unknown. */
  content(id: string): Promise<RevisionContent | null>;
  /** Replaces what is known of a revision, if it is still in the state from which it goes on. False: somebody else was first. */
  advance(from: RevisionState, to: PolicyRevision): Promise<boolean>;

  /** Inserts or replaces the plan of what is kept already: the same revision is always the same bytes. */
  keepBundle(revision: string, bundle: CompiledBundle): Promise<void>;
  /** As it was kept, unverified: whoever loads it looks at hashes and signature. */
  bundle(revision: string): Promise<CompiledBundle | null>;
  /** Inserts or replaces. @throws request.too_large */
  keepReport(id: string, kind: PolicyReportKind, report: unknown): Promise<void>;
  report(id: string, kind: PolicyReportKind): Promise<unknown>;

  /** The pointer to what is in force; null before the first activation. */
  activation(): Promise<PolicyActivation | null>;
  /** Newest first, at most `limit`. */
  activations(limit: number): Promise<readonly PolicyActivation[]>;
  /**
   * Moves the pointer and both revisions in one transaction, if the pointer still stands at `expectedNumber` (0 = none). Atomic: a
   * process that is killed leaves the old state or the new. False: somebody else was first.
   */
  activate(change: {
    readonly expectedNumber: number;
    readonly to: PolicyRevision;
    readonly superseded: PolicyRevision | null;
    readonly activatedAtMs: number;
  }): Promise<boolean>;

  /** Keeps a document under the SHA-256 of its canonical JSON, and returns that. Keeping it again costs one look-up and renews its time. */
  keepData(data: PolicyData, nowMs: number): Promise<string>;
  /** Null when it was never kept or its time is over. @throws store.corrupt it is not what its name says */
  data(dataRevision: string): Promise<PolicyData | null>;
  /** Removes documents older than the retention or beyond the limit, never `activeDataRevision`. Returns how many. */
  pruneData(now: { readonly nowMs: number; readonly activeDataRevision: string }): Promise<number>;
}
