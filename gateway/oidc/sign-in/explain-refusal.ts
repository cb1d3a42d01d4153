import type { TraceProblem } from '../../domain/apps/sign-in-trace.ts';

/** Longest value of an app's own that is kept to be shown. */
export const PRESENTED_CHARS_MAX = 500;

/** An error of the provider, as far as it is read. */
export interface Refusal {
  readonly error?: string;
  readonly error_description?: string;
  readonly error_detail?: string;
  readonly scope?: string;
}

export interface RefusedRequest {
  /** Null for what is no string. */
  readonly redirectUri: string | null;
  readonly clientId: string | null;
}

/** What may be shown: no control characters, no endless text. */
export function presentable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '�').slice(0, PRESENTED_CHARS_MAX);
}

/** Says itself that nobody is signed in: how a page asks in silence, and no problem. */
const EXPECTED: ReadonlySet<string> = new Set([
  'login_required',
  'interaction_required',
  'consent_required',
  'account_selection_required',
  'authorization_pending',
  'slow_down',
  'use_dpop_nonce',
]);

/** The provider's own words (oidc-provider 9), in which it tells apart what the standard calls by one name. */
const DETAILS: readonly (readonly [RegExp, TraceProblem['code']])[] = [
  [/requires PKCE|code_challenge must be provided|code_challenge_method must|not supported value of code_challenge_method/, 'pkce_missing'],
  [/code_verifier/, 'pkce_wrong'],
  [/invalid secret provided/, 'secret_wrong'],
  [/client_secret must be provided|no client authentication mechanism/, 'secret_missing'],
  [/authorization code is expired/, 'code_expired'],
  [/already consumed/, 'code_used'],
  [/redirect_uri mismatch/, 'token_redirect_uri'],
  [/code not found|client mismatch|grant not found/, 'code_unknown'],
  [/requested grant type is not allowed/, 'grant'],
  [/response_type is not allowed/, 'response_type'],
  [/jwt expired|not active yet|issued in the future|iat is not recent/, 'clock'],
];

const ERRORS: Readonly<Record<string, TraceProblem['code']>> = {
  invalid_redirect_uri: 'redirect_uri',
  invalid_scope: 'scope',
  invalid_target: 'api',
  unsupported_grant_type: 'grant',
  unauthorized_client: 'grant',
  unsupported_response_type: 'response_type',
};

const METHOD_MISMATCH = /does not match the registered client authentication method/;

/** What a refusal means to whoever connects the app; null where it is none of their business. `hasSecret` is about the client's kind. */
export function explainRefusal(failure: Refusal, request: RefusedRequest, hasSecret: boolean | null): TraceProblem | null {
  const { error = '', error_description: description = '', error_detail: detail = '', scope = '' } = failure;
  const said = `${detail} ${description}`;
  if (EXPECTED.has(error)) return null;
  if (/client not found/.test(said)) return { code: 'unknown_client', presented: presentable(request.clientId ?? '') };
  if (METHOD_MISMATCH.test(said)) return { code: hasSecret === false ? 'secret_unexpected' : 'secret_missing' };
  const code = DETAILS.find(([words]) => words.test(said))?.[1] ?? ERRORS[error];
  switch (code) {
    case undefined:
    case 'other':
      return { code: 'other', detail: presentable([description, detail].filter((text) => text !== '').join(': ') || error) };
    case 'clock':
      return { code, detail: presentable(detail === '' ? description : detail) };
    case 'redirect_uri':
      return { code, presented: presentable(request.redirectUri ?? '') };
    case 'scope':
      return { code, presented: presentable(scope) };
    case 'denied':
    case 'unknown_client':
    case 'unknown_website':
    case 'untrusted_proxy':
      return null;
    default:
      return { code };
  }
}
