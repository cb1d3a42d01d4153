import type { Deny } from '../../domain/access/decision.ts';
import type { PolicyData } from '../../domain/access/policy-data.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { DataLine } from '../../domain/policy/data/compare.ts';
import type { ItemOf, PartName, PolicyDocument } from '../../domain/policy/data/items.ts';
import type { DataVersion } from '../../domain/policy/data/version.ts';
import type { CurrentData } from '../../ports/policy-data-store.ts';
import type { Operator } from '../access/types.ts';

/** One item put in, or taken out by null. */
export type ItemChange = {
  readonly [Part in PartName]: { readonly part: Part; readonly id: string; readonly value: ItemOf<Part> | null };
}[PartName];

export interface ChangeSet {
  readonly baseVersion: number;
  readonly changes: readonly ItemChange[];
}

export type DataRefusal =
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny }
  | { readonly ok: false; readonly code: 'data.invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly ok: false; readonly code: 'data.changed_meanwhile' | 'data.nothing_to_do' | 'data.version_unknown' };

export type DataResult<Value> = ({ readonly ok: true } & Value) | DataRefusal;

/** What changes would make of the data. */
export interface DataPlan {
  readonly now: CurrentData;
  readonly document: PolicyDocument;
  readonly lines: readonly DataLine[];
  readonly action: 'policy.data_edit' | 'policy.data_open' | 'policy.threat_raise';
  readonly before: PolicyData;
  readonly after: PolicyData;
}

/** The policy data, as operators edit it. */
export interface PolicyDataDesk {
  current(): Promise<CurrentData>;
  /** What the policy reads now. */
  seen(): Promise<PolicyData>;
  /** Changes nothing. */
  plan(changes: ChangeSet): Promise<DataResult<{ readonly plan: DataPlan }>>;
  /** In force on every thread that decides when it resolves. @throws store.unavailable stored, and not yet in force everywhere: it follows by itself */
  change(
    command: ChangeSet & { readonly operator: Operator; readonly reason: string },
  ): Promise<DataResult<{ readonly version: DataVersion; readonly dataRevision: string }>>;
  /** Makes the data what it was, as a new version. @throws as `change` */
  revert(command: {
    readonly baseVersion: number;
    readonly toVersion: number;
    readonly operator: Operator;
    readonly reason: string;
  }): Promise<DataResult<{ readonly version: DataVersion; readonly dataRevision: string }>>;
  versions(page: { readonly before: number | null; readonly limit: number }): Promise<readonly DataVersion[]>;
  /** Null for a version that is not kept. */
  diff(from: number, to: number): Promise<readonly DataLine[] | null>;
  /** Makes a version of what an import has changed beside the gateway. False: there was nothing. */
  absorbImport(): Promise<boolean>;
}
