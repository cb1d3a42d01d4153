import type { MeErrorCode } from '#gateway/http/contract/me.ts';
import type { SignInErrorCode } from '#gateway/http/contract/sign-in.ts';

/** Failures of the gateway or the browser that people's pages may meet, by code. Reasons of the policy have their own table. */
export type ProblemCode =
  | MeErrorCode
  | SignInErrorCode
  | 'request.too_large'
  | 'request.forbidden'
  | 'internal.failure'
  | 'client.unexpected'
  | 'client.answer_invalid'
  | 'client.late'
  | 'client.unreachable'
  | 'passkey.NotAllowedError'
  | 'passkey.InvalidStateError'
  | 'passkey.SecurityError'
  | 'passkey.NotSupportedError'
  | 'passkey.other';

export interface ProblemTexts {
  readonly known: Readonly<Record<ProblemCode, string>>;
  /** Of a code that is not listed. */
  readonly other: string;
}
