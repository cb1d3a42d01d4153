/** NIST SP 800-63B-4: one factor; two factors; two factors with a hardware authenticator that cannot be phished. */
export const ASSURANCE_LEVELS = ['aal1', 'aal2', 'aal3'] as const;
export type Assurance = (typeof ASSURANCE_LEVELS)[number];

const PASSKEY = 'urn:gatehouse:acr:passkey';
/** A computer's certificate at a VPN or a Wi-Fi: a machine's key, and nobody who was verified. */
export const VPN_CERTIFICATE_ACR = 'urn:gatehouse:acr:certificate';
const UPSTREAM_PREFIX = 'urn:gatehouse:acr:upstream-';

/** The authentication context of a sign-in at another identity provider, as the configuration rates it. */
export function upstreamAcr(level: Assurance): string {
  return `${UPSTREAM_PREFIX}${level}`;
}

/** Null for every context that the gateway gives itself. */
export function upstreamAssurance(acr: string): Assurance | null {
  return ASSURANCE_LEVELS.find((level) => upstreamAcr(level) === acr) ?? null;
}

/** Whether the sign-in behind a context of a session proved who was there, and not only that somebody knew a word. */
export function isUserVerified(acr: string): boolean {
  const level = upstreamAssurance(acr);
  return acr === PASSKEY || level === 'aal2' || level === 'aal3';
}
