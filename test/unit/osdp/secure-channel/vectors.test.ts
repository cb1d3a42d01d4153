import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { clientCryptogram, initialRMac, serverCryptogram } from '#adapters/osdp/secure-channel/cryptograms.ts';
import { deriveSessionKeys } from '#adapters/osdp/secure-channel/session-keys.ts';
import vectors from '../../../vectors/osdp/secure-channel.json' with { type: 'json' };

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));
const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex');

describe.each(vectors)('secure channel handshake of $source', (vector) => {
  const keys = deriveSessionKeys(bytes(vector.scbk), bytes(vector.rndA));
  const server = serverCryptogram(keys, bytes(vector.rndA), bytes(vector.rndB));

  it('gives the published cryptograms and first MAC', () => {
    expect(hex(clientCryptogram(keys, bytes(vector.rndA), bytes(vector.rndB)))).toBe(vector.client);
    expect(hex(server)).toBe(vector.server);
    expect(hex(initialRMac(keys, server))).toBe(vector.rMac);
  });

  it('derives the published session keys', () => {
    const probe = new Uint8Array(16);
    expect(hex(keys.encryption.encrypt(probe))).toBe(encryptWith(vector.sEnc, probe));
    if (vector.sMac1 !== undefined) expect(hex(keys.mac1.encrypt(probe))).toBe(encryptWith(vector.sMac1, probe));
    if (vector.sMac2 !== undefined) expect(hex(keys.mac2.encrypt(probe))).toBe(encryptWith(vector.sMac2, probe));
  });
});

/** The derived keys never leave their ciphers, so they are compared by what they do. */
function encryptWith(key: string, block: Uint8Array): string {
  return createCipheriv('aes-128-ecb', bytes(key), null).setAutoPadding(false).update(block).toString('hex');
}
