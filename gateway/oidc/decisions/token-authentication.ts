import type { Authentication } from '../../app/access/types.ts';
import { isUserVerified, upstreamAssurance } from '../../domain/access/assurance.ts';
import type { SeenSession } from '../sessions/seen-sessions.ts';
import { BADGE_ACR, PASSKEY_ACR } from './acr.ts';

/** What a token remembers of the sign-in that it came of. */
export interface RememberedSignIn {
  readonly amr?: readonly string[] | undefined;
  /** Epoch s. */
  readonly authTime?: number | undefined;
}

/**
 * How the person signed in, as token and session remember it: by a badge at a shared desk, at an identity provider outside, else by a passkey,
 * whatever more the client asked for.
 */
export function authenticationBy({ amr, authTime }: RememberedSignIn, session: SeenSession | undefined): Authentication | null {
  if (authTime === undefined) return null;
  const authenticatedAtMs = authTime * 1_000;
  if (amr?.includes('badge') === true) return { amr, acr: BADGE_ACR, userVerified: amr.includes('pin'), authenticatedAtMs };
  const acr = session?.acr !== undefined && upstreamAssurance(session.acr) !== null ? session.acr : PASSKEY_ACR;
  return { amr: amr ?? [], acr, userVerified: isUserVerified(acr), authenticatedAtMs };
}
