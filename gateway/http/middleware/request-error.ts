import type { Deny } from '../../domain/access/decision.ts';
import { explainReason } from '../../domain/access/reason-text.ts';
import { GatewayError, type ErrorCode } from '../../domain/errors.ts';

/** A request that does not fit its schema; `field` is the path of the first offending input. */
export class InvalidRequest extends GatewayError {
  readonly field: string | undefined;

  constructor(publicMessage: string, field?: string, options?: { readonly cause?: unknown }) {
    super('request.invalid', publicMessage, options);
    this.name = 'InvalidRequest';
    this.field = field;
  }
}

/** A recorded deny. The body carries the reason's own code, its text, and the decision to quote. */
export class DeniedRequest extends GatewayError {
  readonly deny: Deny;

  /** `cause` is what is known of it beyond the reason, in place of the reason's own text. */
  constructor(deny: Deny, cause: string | null = null) {
    const { message, remedy } = explainReason(deny.reasons[0]);
    super('request.forbidden', cause ?? `${message} ${remedy}`);
    this.name = 'DeniedRequest';
    this.deny = deny;
  }
}

const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  'request.invalid': 400,
  'request.too_large': 413,
  'request.unauthenticated': 401,
  'request.forbidden': 403,
  'request.conflict': 409,
  'request.rate_limited': 429,
  'resource.unknown': 404,
  'enrolment.invalid': 410,
  'passkey.last_way_in': 409,
  'passkey.too_many': 409,
  'passkey.known': 409,
  'recovery.badge_missing': 409,
  'recovery.person_closed': 409,
  'sign_in.key_synced': 409,
  'sign_in.badge_not_seen': 409,
  'sign_in.other_person': 409,
  'sign_in.upstream_first': 409,
  'vpn.unavailable': 503,
  'authentication.failed': 401,
  'store.conflict': 409,
  'store.unavailable': 503,
  'audit.unavailable': 503,
  'audit.queue_full': 503,
  'secret.unavailable': 503,
};

export function statusOf(code: ErrorCode): number {
  return statuses[code] ?? 500;
}
