import { isSameSecret } from '../secure-channel/same-secret.ts';
import { type CertificateSubject, isIssuedBy, parseCertificate, thumbprintOf } from './certificate.ts';
import { PINNED_THUMBPRINTS_MAX } from './limits.ts';

/** Whom one end pairs with: whoever an authority has vouched for, or single certificates that somebody has looked at. */
export type PairingTrust =
  /** ML-DSA-44 public key of the authority. */
  | { readonly kind: 'authority'; readonly publicKey: Uint8Array }
  /** SHA-256 of certificates that are signed with their own key. */
  | { readonly kind: 'pinned'; readonly thumbprints: readonly Uint8Array[] };

/** The other end, proved to own the key of a certificate that is trusted. */
export interface PairingPeer {
  readonly subject: CertificateSubject;
  readonly publicKey: Uint8Array;
  readonly thumbprint: Uint8Array;
}

/**
 * Null when the certificate is not one to trust. `nowS` is the wall clock in seconds, null where there is none to rely on: then the time is not
 * checked. That its owner has the key is proved later, by the signature over the exchange.
 */
export function verifyCertificate(trust: PairingTrust, bytes: Uint8Array, nowS: number | null): PairingPeer | null {
  const certificate = parseCertificate(bytes);
  if (certificate === null) return null;
  if (nowS !== null && (nowS < certificate.notBeforeS || nowS > certificate.notAfterS)) return null;
  const thumbprint = thumbprintOf(bytes);
  const issuerPublic = trust.kind === 'authority' ? trust.publicKey : certificate.publicKey;
  const isKnown = trust.kind === 'authority' || isPinned(trust.thumbprints, thumbprint);
  if (!isKnown || !isIssuedBy(certificate, issuerPublic)) return null;
  return { subject: certificate.subject, publicKey: certificate.publicKey, thumbprint };
}

function isPinned(thumbprints: readonly Uint8Array[], thumbprint: Uint8Array): boolean {
  if (thumbprints.length > PINNED_THUMBPRINTS_MAX) throw new TypeError(`at most ${PINNED_THUMBPRINTS_MAX} certificates are pinned`);
  return thumbprints.some((pinned) => isSameSecret(pinned, thumbprint));
}
