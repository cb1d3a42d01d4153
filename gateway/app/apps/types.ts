import type { Deny } from '../../domain/access/decision.ts';
import type { AddedApp, AppDraft } from '../../domain/apps/added-app.ts';
import type { FieldProblem } from '../../domain/field-problem.ts';
import type { AppId } from '../../domain/site/ids.ts';
import type { Operator } from '../access/types.ts';

export type AppRefusal =
  | { readonly ok: false; readonly code: 'request.forbidden'; readonly deny: Deny }
  | { readonly ok: false; readonly code: 'app.invalid'; readonly problems: readonly FieldProblem[] }
  | {
      readonly ok: false;
      readonly code: 'app.unknown' | 'app.of_file' | 'app.changed_meanwhile' | 'app.too_many' | 'app.no_secret' | 'app.still_named';
    };

export type AppResult<Value> = ({ readonly ok: true } & Value) | AppRefusal;

export interface AppCommand {
  readonly operator: Operator;
  readonly reason: string;
}

export interface OneAppCommand extends AppCommand {
  readonly id: AppId;
}

/** A secret leaves the gateway here and nowhere else, once. Null for an app that has none. */
export interface WithSecret {
  readonly app: AddedApp;
  readonly secret: string | null;
}

/**
 * Apps beside the configuration file's. Each change is an operator's, decided by the policy and recorded before it is made; it is in force
 * on every thread when it resolves.
 */
export interface AppDesk {
  /** What would be wrong with the app; changes nothing. */
  check(draft: AppDraft): Promise<readonly FieldProblem[]>;
  /** Nobody holds a grant to it yet. @throws store.unavailable, audit.unavailable */
  add(command: AppCommand & { readonly draft: AppDraft }): Promise<AppResult<WithSecret>>;
  /** Kind and id stay. `version` is the one that the operator has seen. */
  change(command: OneAppCommand & { readonly draft: AppDraft; readonly version: number }): Promise<AppResult<{ readonly app: AddedApp }>>;
  /** The secret before stays valid for `keepOldS` seconds; 0 = it ends at once. */
  rotateSecret(command: OneAppCommand & { readonly keepOldS: number }): Promise<AppResult<WithSecret>>;
  /** Unknown to everybody from then on, and its sessions and tokens end. */
  disable(command: OneAppCommand): Promise<AppResult<{ readonly app: AddedApp }>>;
  enable(command: OneAppCommand): Promise<AppResult<{ readonly app: AddedApp }>>;
  /** As `disable`, for good; it is taken out of access profiles, exceptions and ready policies as well. */
  remove(command: OneAppCommand): Promise<AppResult<object>>;
}
