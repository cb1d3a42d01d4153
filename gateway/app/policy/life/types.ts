import type { Deny } from '../../../domain/access/decision.ts';
import type { ImpactReport, ReplayWindow } from '../../../domain/policy/impact-report.ts';
import type { CheckReport, TestReport } from '../../../domain/policy/reports.ts';
import type { PolicyRevision, RevisionContent, RevisionFile } from '../../../domain/policy/revision.ts';
import type { TransitionRefusal } from '../../../domain/policy/transition.ts';
import type { ReplayProgress } from '../../../ports/policy-lab.ts';
import type { PolicyActivation } from '../../../ports/policy-store.ts';
import type { ShadowReport } from '../../../ports/policy-point.ts';
import type { Operator } from '../../access/types.ts';
import type { FormatResult } from '../format-file.ts';

export type PolicyAction = 'policy.propose' | 'policy.approve' | 'policy.activate' | 'policy.emergency';

export type LifeRefusal =
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny }
  /** `revision` is what it is and stays. */
  | { readonly ok: false; readonly code: TransitionRefusal; readonly revision: PolicyRevision }
  | { readonly ok: false; readonly code: 'resource.unknown' | 'policy.changed_meanwhile' | 'policy.nothing_before' };

export type LifeResult<Value> = ({ readonly ok: true } & Value) | LifeRefusal;

export interface Command {
  readonly operator: Operator;
  readonly revisionId: string;
  readonly reason: string;
}

export type ImpactJobState = 'running' | 'done' | 'cancelled' | 'failed';

export interface ImpactJob {
  readonly id: string;
  readonly revisionId: string;
  readonly state: ImpactJobState;
  readonly progress: ReplayProgress;
  /** Why it is not done; empty otherwise. */
  readonly message: string;
  readonly report: ImpactReport | null;
}

export interface RevisionDetail {
  readonly revision: PolicyRevision;
  readonly content: RevisionContent;
  readonly check: CheckReport | null;
  readonly test: TestReport | null;
  readonly impact: ImpactReport | null;
}

/** The life of the policy, from a draft to what is in force. Every member that changes something is decided and recorded. */
export interface PolicyLife {
  list(page: { readonly beforeId: string | null; readonly limit: number }): Promise<readonly PolicyRevision[]>;
  detail(revisionId: string): Promise<RevisionDetail | null>;
  /** Newest first, and the revision that a roll-back without a name returns to; null when there is none. */
  activations(): Promise<{ readonly newestFirst: readonly PolicyActivation[]; readonly wayBackId: string | null }>;

  /** The canonical layout of one file. Nothing is kept. */
  format(file: RevisionFile): Promise<FormatResult>;
  /** Keeps a draft; one of the same content that the same author has proposed last is that one. */
  propose(command: {
    readonly operator: Operator;
    readonly content: RevisionContent;
    readonly note: string;
    readonly parentId: string | null;
  }): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  check(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision; readonly report: CheckReport }>>;
  test(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision; readonly report: TestReport }>>;
  startImpact(
    command: Command & { readonly window: ReplayWindow; readonly data: 'then' | 'today' },
  ): Promise<LifeResult<{ readonly job: ImpactJob }>>;
  impactJob(jobId: string): ImpactJob | null;
  /** False when there is no such job that runs. */
  cancelImpact(jobId: string): boolean;

  /** `revision` is the hash that the operator has read. */
  approve(command: Command & { readonly revision: string }): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  /** Signs what was approved. */
  sign(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  /**
   * Signs without a second person and without its impact, and raises an alarm. Errors of its check are never excused; tests that failed or
   * did not run only where the operator says so, which stays with it and raises an alarm of its own.
   */
  signInEmergency(command: Command & { readonly despiteTests: boolean }): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  startShadow(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  endShadow(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  shadow(): Promise<ShadowStatus>;
  /** At a start of the gateway: a run that the last one had ended goes on. @throws as `activate` */
  resumeShadow(): Promise<void>;
  /**
   * Puts the stored pointer back to what decides and is in the log, where it stands elsewhere: a process was killed between the two, or
   * somebody changed the database. What is shown as active is then what decides. @throws store.unavailable
   */
  settlePointer(): Promise<void>;
  /** The thread of the doors is another one: it gets what is in force, and the run that goes on. @throws as `activate` */
  doorsRestarted(): Promise<void>;
  /** Every deciding thread has it when this resolves, or none. @throws policy.artifact_mismatch, policy.load_failed, store.unavailable */
  activate(command: Command): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  /** Back to `revisionId`, or to where the last roll-back or publication came from (wayBack). @throws as `activate` */
  rollBack(
    command: Omit<Command, 'revisionId'> & { readonly revisionId: string | null },
  ): Promise<LifeResult<{ readonly revision: PolicyRevision }>>;
  /** A new key signs from here on. Returns its id. */
  rotateKey(command: Omit<Command, 'revisionId'>): Promise<LifeResult<{ readonly keyId: string }>>;
}

export interface ShadowStatus {
  readonly revisionId: string | null;
  /** By the thread that decides. */
  readonly points: Readonly<Record<string, ShadowReport>>;
}
