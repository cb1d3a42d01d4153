import type { Authentication } from '../../app/access/types.ts';
import { upstreamAssurance } from '../../domain/access/assurance.ts';
import { agedPresence, type Presence } from '../../domain/presence/presence.ts';
import type { AcrName } from '../../platform/config/client-config.ts';

/** NIST SP 800-63B-4 AAL2 is what every sign-in of the gateway reaches: a user-verified passkey. */
export const PASSKEY_ACR = 'urn:gatehouse:acr:passkey';
/** A badge at a reader, which an app took for a sign-in. Nobody can ask for it: it is what was reached. */
export const BADGE_ACR = 'urn:gatehouse:acr:badge';
const PREFIX = 'urn:gatehouse:acr:';

/** Authentication contexts that a client may ask for; `acr_values_supported`. */
export const ACR_VALUES = [
  PASSKEY_ACR,
  'urn:gatehouse:acr:aal2',
  'urn:gatehouse:acr:aal3',
  'urn:gatehouse:acr:face',
  'urn:gatehouse:acr:on-site',
  'urn:gatehouse:acr:fresh-badge',
] as const;
export type Acr = (typeof ACR_VALUES)[number];

export const acrOf = (name: AcrName): Acr => `${PREFIX}${name}`;

export function isAcr(value: unknown): value is Acr {
  return ACR_VALUES.some((acr) => acr === value);
}

export interface AcrFacts {
  readonly authentication: Authentication | null;
  readonly presence: Presence | null;
  readonly nowMs: number;
  /** How long a badge at a reader counts as fresh. */
  readonly freshBadgeS: number;
  /** Of the sign-in session; null = no camera has recognised the person in it, or too long ago. */
  readonly face: { readonly ageS: number } | null;
}

/** Believed to be inside a site, and not by the low confidence that an unread exit leaves. */
function isOnSite(presence: Presence, nowMs: number): boolean {
  const { state, confidence } = agedPresence(presence, nowMs);
  return state === 'inside' && (confidence === 'high' || confidence === 'medium');
}

/** A passkey that is copied to other devices is no hardware authenticator (SP 800-63B-4, 3.1.7 and appendix B). */
export const isBoundToDevice = ({ amr, userVerified }: Authentication): boolean => userVerified && amr.includes('hwk');

/** Whether a reader has seen the person as the context, one of a place, wants it. */
export function hasBadged(acr: Acr, { freshBadgeS, nowMs, presence }: Pick<AcrFacts, 'freshBadgeS' | 'nowMs' | 'presence'>): boolean {
  if (presence === null || !isOnSite(presence, nowMs)) return false;
  return acr !== 'urn:gatehouse:acr:fresh-badge' || nowMs - presence.observedAtMs <= freshBadgeS * 1_000;
}

/** Whether the person has reached the context now. Never remembered: who leaves the site is not on site any more. */
export function holdsAcr(acr: Acr, facts: AcrFacts): boolean {
  const { authentication, face } = facts;
  if (authentication === null) return false;
  switch (acr) {
    case 'urn:gatehouse:acr:passkey':
      return authentication.userVerified && authentication.acr !== BADGE_ACR && upstreamAssurance(authentication.acr) === null;
    case 'urn:gatehouse:acr:aal2':
      return authentication.userVerified && authentication.acr !== BADGE_ACR;
    case 'urn:gatehouse:acr:aal3':
      return upstreamAssurance(authentication.acr) === 'aal3' || isBoundToDevice(authentication);
    case 'urn:gatehouse:acr:face':
      return face !== null;
    case 'urn:gatehouse:acr:on-site':
    case 'urn:gatehouse:acr:fresh-badge':
      return hasBadged(acr, facts);
  }
}

/** What the person can do about a context that is not reached. */
export type AcrPath = 'passkey' | 'hardware_key' | 'badge' | 'face';

export function pathTo(acr: Acr): AcrPath {
  switch (acr) {
    case 'urn:gatehouse:acr:passkey':
    case 'urn:gatehouse:acr:aal2':
      return 'passkey';
    case 'urn:gatehouse:acr:aal3':
      return 'hardware_key';
    case 'urn:gatehouse:acr:face':
      return 'face';
    case 'urn:gatehouse:acr:on-site':
    case 'urn:gatehouse:acr:fresh-badge':
      return 'badge';
  }
}
