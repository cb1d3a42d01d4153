/** Every operating failure that may cross a module boundary. Codes are `area.reason` and are never reused for another meaning. */
export type ErrorCode =
  | 'config.invalid'
  | 'config.unreadable'
  | 'store.unavailable'
  | 'store.conflict'
  | 'store.corrupt'
  | 'audit.unavailable'
  | 'audit.queue_full'
  | 'audit.entry_too_large'
  | 'policy.artifact_mismatch'
  | 'policy.load_failed'
  | 'policy.evaluation_failed'
  | 'policy.compile_failed'
  | 'policy.toolchain_failed'
  | 'policy.toolchain_timed_out'
  | 'secret.unavailable'
  | 'reader.key_missing'
  | 'request.invalid'
  | 'request.too_large'
  | 'request.unauthenticated'
  | 'request.forbidden'
  | 'request.conflict'
  | 'request.rate_limited'
  | 'resource.unknown'
  | 'enrolment.invalid'
  | 'passkey.last_way_in'
  | 'passkey.too_many'
  | 'passkey.known'
  | 'recovery.badge_missing'
  | 'recovery.person_closed'
  | 'authentication.failed'
  | 'sign_in.key_synced'
  | 'sign_in.badge_not_seen'
  | 'sign_in.other_person'
  | 'sign_in.upstream_first'
  | 'vpn.unavailable'
  | 'internal.failure';

/** `publicMessage` may be shown to anybody; `cause` stays inside (logs print its code, never its data). */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;

  constructor(code: ErrorCode, publicMessage: string, options?: { readonly cause?: unknown }) {
    super(`${code}: ${publicMessage}`, options);
    this.name = 'GatewayError';
    this.code = code;
    this.publicMessage = publicMessage;
  }
}
