import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Characters of the header with the certificate; longer ones are no client certificate. */
export const CERTIFICATE_HEADER_CHARS_MAX = 16_384;

function single(value: string | string[] | undefined): string | null {
  return typeof value === 'string' && value !== '' && value.length <= CERTIFICATE_HEADER_CHARS_MAX ? value : null;
}

/** RFC 9440: a byte sequence of structured fields, `:base64 of DER:`. */
function fromClientCert(header: string): X509Certificate | null {
  const encoded = /^:([A-Za-z0-9+/=]+):$/.exec(header)?.[1];
  return encoded === undefined ? null : readCertificate(Buffer.from(encoded, 'base64'));
}

/** nginx `$ssl_client_escaped_cert`: PEM, percent-encoded. */
function fromEscapedPem(header: string): X509Certificate | null {
  try {
    return readCertificate(decodeURIComponent(header));
  } catch (failure) {
    if (failure instanceof URIError) return null;
    throw failure;
  }
}

function readCertificate(encoded: Buffer | string): X509Certificate | null {
  try {
    return new X509Certificate(encoded);
  } catch {
    // What does not parse is no certificate: the client is then not authenticated.
    return null;
  }
}

/** RFC 4514: the last of the relative names first, joined by commas. Node gives one a line, the first first, with values escaped. */
export function toDistinguishedName(subject: string): string {
  return subject
    .split('\n')
    .filter((part) => part !== '')
    .toReversed()
    .join(',');
}

export interface ClientCertificates {
  /** Null when the peer is no trusted proxy, or it says nothing readable. */
  of(request: IncomingMessage): X509Certificate | null;
  /** Whether the proxy says that it checked the chain up to a CA of its choice. */
  isVerified(request: IncomingMessage): boolean;
}

/**
 * mTLS ends at the proxy in front, which passes the certificate on in a header. Anybody can write a header: it counts only from a proxy
 * that is trusted by configuration, which must overwrite what its own client sent.
 */
export function createClientCertificates(isTrustedPeer: (request: IncomingMessage) => boolean): ClientCertificates {
  return {
    of: (request) => {
      if (!isTrustedPeer(request)) return null;
      const standard = single(request.headers['client-cert']);
      if (standard !== null) return fromClientCert(standard);
      const escaped = single(request.headers['x-client-cert']);
      return escaped === null ? null : fromEscapedPem(escaped);
    },
    isVerified: (request) => isTrustedPeer(request) && request.headers['x-client-verify'] === 'SUCCESS',
  };
}
