import type { ReasonCode } from '../reason-code.ts';

export interface WhyAndRemedy {
  readonly message: string;
  /** What the denied person can do. */
  readonly remedy: string;
}

/** Where a person has to badge: names as they stand on the door. */
export interface BadgePlace {
  readonly areaName: string;
  readonly siteName: string;
}

/** Every reason in one language: a language without the text of a code does not compile. No text holds personal data. */
export interface ReasonTexts {
  readonly reasons: Readonly<Record<ReasonCode, WhyAndRemedy>>;
  /** The remedy where the person has to badge into an area that is known by name. */
  readonly badgeInto: (place: BadgePlace) => string;
}
