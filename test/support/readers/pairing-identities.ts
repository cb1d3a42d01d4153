import { issueCertificate } from '#adapters/osdp/pairing/certificate.ts';
import type { PairingIdentity } from '#adapters/osdp/pairing/pairing-identity.ts';
import { publicBytes, signWith, signingKeyOf } from '#adapters/osdp/pairing/post-quantum.ts';
import type { PairingTrust } from '#adapters/osdp/pairing/trust.ts';

export const NOW_S = 1_800_000_000;
const YEAR_S = 31_536_000;

/** Bytes that count up. */
export function counting(first: number, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (first + index) & 0xff);
}

const AUTHORITY_KEY = signingKeyOf(counting(0x40, 32));
const OTHER_AUTHORITY_KEY = signingKeyOf(counting(0x11, 32));

export const AUTHORITY: PairingTrust = { kind: 'authority', publicKey: publicBytes(AUTHORITY_KEY) };
export const OTHER_AUTHORITY: PairingTrust = { kind: 'authority', publicKey: publicBytes(OTHER_AUTHORITY_KEY) };

interface IdentityOptions {
  readonly seedFirst?: number;
  readonly issuer?: 'authority' | 'other' | 'self';
  readonly validity?: readonly [number, number];
}

/** Somebody with a certificate of the authority, if not said otherwise. */
export function identityOf(name: string, options: IdentityOptions = {}): PairingIdentity {
  const { seedFirst = 0x80, issuer = 'authority', validity = [NOW_S - YEAR_S, NOW_S + YEAR_S] } = options;
  const key = signingKeyOf(counting(seedFirst, 32));
  const issuerKey = { authority: AUTHORITY_KEY, other: OTHER_AUTHORITY_KEY, self: key }[issuer];
  const certificate = issueCertificate(
    {
      serialNumber: counting(1, 8),
      issuer: issuer === 'self' ? 'self' : 'Test Authority',
      notBeforeS: validity[0],
      notAfterS: validity[1],
      subject: { manufacturer: 'Gatehouse', model: name, serial: `${name}-0001` },
      publicKey: publicBytes(key),
    },
    issuerKey,
  );
  return { certificate, sign: (message) => signWith(key, message) };
}
