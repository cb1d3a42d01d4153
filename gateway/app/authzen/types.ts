import type { ActionName } from '../../domain/access/action-name.ts';
import type { ObligationId } from '../../domain/access/obligation.ts';

/** One thing that an AuthZEN request names. `id` is of the caller's choosing: nothing is known about it yet. */
export interface Entity {
  readonly type: string;
  readonly id: string;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

export interface AskedAction {
  readonly name: string;
  readonly properties?: Readonly<Record<string, unknown>> | undefined;
}

/** May this subject do this to that resource, given what the enforcement point sees? */
export interface Question {
  readonly subject: Entity;
  readonly action: AskedAction;
  readonly resource: Entity;
  readonly context: Readonly<Record<string, unknown>>;
}

/** A question with one part left open; an `id` where something is looked for counts for nothing. */
export type Search =
  | ({ readonly target: 'subject'; readonly subject: Omit<Entity, 'id'> } & Pick<Question, 'action' | 'resource' | 'context'>)
  | ({ readonly target: 'resource'; readonly resource: Omit<Entity, 'id'> } & Pick<Question, 'subject' | 'action' | 'context'>)
  | ({ readonly target: 'action' } & Pick<Question, 'subject' | 'resource' | 'context'>);

export type AskableType = 'door' | 'app' | 'vpn_realm';

/** Who asks, and what they may ask about. */
export interface AuthzenClient {
  readonly id: string;
  /** `resourceId` null = of any resource of the type. */
  mayAsk(action: ActionName, type: AskableType, resourceId: string | null): boolean;
  /** Obligations that its enforcement points can fulfil. */
  readonly fulfils: readonly ObligationId[];
  /** Its operator vouches that badge numbers reach its enforcement points over protected lines. */
  readonly hasSecureReaders: boolean;
}

/** The question cannot be put by this caller, or not like that. Nothing was decided. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 403 | 429;
  readonly message: string;
}

/** A decision in AuthZEN's words. */
export interface Evaluation {
  readonly kind: 'decided';
  readonly decision: boolean;
  readonly context?: Readonly<Record<string, unknown>>;
}

export type Answer = Evaluation | Refused;

/** Decides one question and records it. Never throws: every failure is a recorded deny. */
export type Evaluate = (client: AuthzenClient, question: Question, correlation: string) => Promise<Answer>;

export type SearchResult = { readonly type: string; readonly id: string } | { readonly name: string };

/** Something that may answer a search. */
export interface Candidate {
  /** Its place in the order of all candidates. */
  readonly key: string;
  readonly result: SearchResult;
  /** What the policy would answer: the obligations of a permit, null for a deny. @throws policy.evaluation_failed */
  readonly test: () => readonly ObligationId[] | null;
}

/** Where the answers to a search come from. */
export interface Candidates {
  /**
   * All candidates after `afterKey`, in order, in batches; null when the search names something that does not exist here.
   * @throws store.unavailable
   */
  open(client: AuthzenClient, search: Search, afterKey: string | null): Promise<AsyncIterable<readonly Candidate[]> | Refused | null>;
}

export interface PageRequest {
  readonly token?: string | undefined;
  readonly limit?: number | undefined;
}

export interface SearchPage {
  readonly kind: 'found';
  readonly results: readonly SearchResult[];
  /** Empty = there is no more. */
  readonly nextToken: string;
}

/** Answers a search and records that it was asked. @throws store.unavailable, audit.unavailable, policy.evaluation_failed */
export type RunSearch = (client: AuthzenClient, search: Search, page: PageRequest) => Promise<SearchPage | Refused>;

export const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'refused';
