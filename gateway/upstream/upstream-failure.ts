import type { AccountRefusal } from '../app/upstream/types.ts';

/** Why a sign-in at an identity provider outside led to none here. The sign-in page has words for each. */
export type UpstreamProblem =
  | AccountRefusal
  /** The provider does not answer, or not as a provider does. */
  | 'upstream.unreachable'
  /** The gateway has no secret for it yet, or a wrong one. */
  | 'upstream.not_ready'
  /** The provider said no, or the person did there. */
  | 'upstream.refused'
  /** The answer does not pass a check. */
  | 'upstream.answer_invalid'
  /** Nobody has begun what the answer belongs to, or it was answered already. */
  | 'upstream.expired'
  /** The person authenticated there too long ago, or nobody knows when. */
  | 'upstream.too_old'
  /** The browser is signed in here as another person. */
  | 'upstream.other_person';

/** Thrown inside this face only. */
export class UpstreamFailure extends Error {
  readonly problem: UpstreamProblem;

  constructor(problem: UpstreamProblem, cause?: unknown) {
    super(problem, { cause });
    this.name = 'UpstreamFailure';
    this.problem = problem;
  }
}
