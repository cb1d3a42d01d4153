import { type KeyObject, createHash } from 'node:crypto';
import { type CborValue, encodeCbor, parseCbor } from './cbor.ts';
import { CERTIFICATE_TEXT_LENGTH_MAX } from './limits.ts';
import { SIGNATURE_LENGTH, SIGNING_PUBLIC_LENGTH, isSignedBy, signWith } from './post-quantum.ts';

const VERSION = 1;
const ML_DSA_44 = 1;
export const SERIAL_LENGTH = 8;
const SIGNED_PREFIX = new TextEncoder().encode('OSDP-C509-v1');

/** Who a certificate is for (IEEE 802.1AR). */
export interface CertificateSubject {
  readonly manufacturer: string;
  readonly model: string;
  readonly serial: string;
}

/** The certificate of the pairing draft: C509 in spirit, an own shape. One level: whoever issued it is trusted or is not. */
export interface Certificate {
  /** 8 bytes. */
  readonly serialNumber: Uint8Array;
  /** Name of the issuer, `self` when its own key has signed it. A name is not trusted: the signature is. */
  readonly issuer: string;
  /** Seconds since 1970. */
  readonly notBeforeS: number;
  readonly notAfterS: number;
  readonly subject: CertificateSubject;
  /** ML-DSA-44, 1,312 bytes. */
  readonly publicKey: Uint8Array;
}

export interface SignedCertificate extends Certificate {
  readonly signature: Uint8Array;
}

/** [[1, serial, issuer, [from, until], [manufacturer, model, serial], 1, key, 1], signature]. @throws TypeError when a field is too long */
export function issueCertificate(certificate: Certificate, issuerKey: KeyObject): Uint8Array {
  const signature = signWith(issuerKey, signedBytes(certificate));
  const bytes = encodeCbor([toBeSigned(certificate), signature]);
  if (parseCertificate(bytes) === null) throw new TypeError('a field of the certificate is out of its limits');
  return bytes;
}

/** Strict; null for anything but a certificate in its one encoding. Its signature is not looked at yet. */
export function parseCertificate(bytes: Uint8Array): SignedCertificate | null {
  const [body, signature] = arrayOf(parseCbor(bytes), 2) ?? [];
  const [version, serialNumber, issuer, validity, subject, keyKind, publicKey, signatureKind] = arrayOf(body, 8) ?? [];
  const [notBeforeS, notAfterS] = arrayOf(validity, 2) ?? [];
  const [manufacturer, model, serial] = arrayOf(subject, 3) ?? [];
  if (version !== VERSION || keyKind !== ML_DSA_44 || signatureKind !== ML_DSA_44) return null;
  if (!isBytes(serialNumber, SERIAL_LENGTH) || !isBytes(publicKey, SIGNING_PUBLIC_LENGTH) || !isBytes(signature, SIGNATURE_LENGTH)) {
    return null;
  }
  if (typeof notBeforeS !== 'number' || typeof notAfterS !== 'number' || notBeforeS > notAfterS) return null;
  if (!isText(issuer) || !isText(manufacturer) || !isText(model) || !isText(serial)) return null;
  return { serialNumber, issuer, notBeforeS, notAfterS, subject: { manufacturer, model, serial }, publicKey, signature };
}

/** Whether this key has signed it. */
export function isIssuedBy(certificate: SignedCertificate, issuerPublic: Uint8Array): boolean {
  return isSignedBy(issuerPublic, signedBytes(certificate), certificate.signature);
}

/** SHA-256 over the whole certificate. Its signature is random: each issue has a thumbprint of its own. */
export function thumbprintOf(certificateBytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(certificateBytes).digest());
}

/** An array of exactly this length; null for anything else. */
export function arrayOf(value: CborValue | null | undefined, length: number): readonly CborValue[] | null {
  return Array.isArray(value) && value.length === length ? (value as readonly CborValue[]) : null; // isArray loses the item type of a readonly array
}

/** Bytes, of exactly this length. */
export function isBytes(value: CborValue | undefined, length: number): value is Uint8Array {
  return value instanceof Uint8Array && value.length === length;
}

function isText(value: CborValue | undefined): value is string {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= CERTIFICATE_TEXT_LENGTH_MAX;
}

function toBeSigned({ serialNumber, issuer, notBeforeS, notAfterS, subject, publicKey }: Certificate): CborValue {
  const { manufacturer, model, serial } = subject;
  return [VERSION, serialNumber, issuer, [notBeforeS, notAfterS], [manufacturer, model, serial], ML_DSA_44, publicKey, ML_DSA_44];
}

function signedBytes(certificate: Certificate): Uint8Array {
  return Buffer.concat([SIGNED_PREFIX, encodeCbor(toBeSigned(certificate))]);
}
