import type { ReasonCode } from './reason-code.ts';
import { english } from './reason-texts/en.ts';
import type { BadgePlace, WhyAndRemedy } from './reason-texts/reason-texts.ts';

export interface ExplainedReason extends WhyAndRemedy {
  readonly code: ReasonCode;
  /** Where to badge, when that is the remedy: what shows the reason in another language needs the names. */
  readonly place?: BadgePlace;
}

/** As `explainReason`, with the area by name where the remedy is to badge into it; null when it is not known. */
export function explainReasonAt(place: BadgePlace | null, code: ReasonCode): ExplainedReason {
  const explained = explainReason(code);
  if (place === null || !NEEDS_BADGE.has(code)) return explained;
  return { ...explained, remedy: english.badgeInto(place), place };
}

const NEEDS_BADGE: ReadonlySet<ReasonCode> = new Set(['presence.required', 'presence.stale', 'presence.unknown']);

/** A reason in plain English, without any personal data: it may be shown to the denied person. Other languages: `reason-text-in.ts`. */
export function explainReason(code: ReasonCode): ExplainedReason {
  return { code, ...english.reasons[code] };
}
