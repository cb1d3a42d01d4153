import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginPairing, takeMessage2, takeResult } from '#adapters/osdp/pairing/acu-pairing.ts';
import { issueCertificate, parseCertificate, thumbprintOf } from '#adapters/osdp/pairing/certificate.ts';
import { encodeCbor } from '#adapters/osdp/pairing/cbor.ts';
import { CERTIFICATE_TEXT_LENGTH_MAX, PAIRING_MESSAGE_LENGTH_MAX, PINNED_THUMBPRINTS_MAX } from '#adapters/osdp/pairing/limits.ts';
import { parseMessage1, parseResult } from '#adapters/osdp/pairing/messages.ts';
import { NO_PAIRING, receivePairing } from '#adapters/osdp/pairing/pd-pairing.ts';
import { publicBytes, signingKeyOf } from '#adapters/osdp/pairing/post-quantum.ts';
import { verifyCertificate } from '#adapters/osdp/pairing/trust.ts';
import { AUTHORITY, NOW_S, counting, identityOf } from '#test/support/readers/pairing-identities.ts';

const identity = identityOf('gateway', { seedFirst: 0x20 });
const start = beginPairing(identity, { kemSeed: counting(0, 64), nonce: counting(0xa0, 16) });
const deps = { identity: identityOf('reader'), trust: AUTHORITY, nowS: NOW_S, nowMs: 0, nonce: counting(0xb0, 16) };
const first = receivePairing(NO_PAIRING, start.message1, deps);
if (first.answer.kind !== 'reply' || first.state.name === 'idle') throw new TypeError('no message 2');
const message2 = first.answer.message;
const awaiting = first.state;
/** Each use overwrites what it used. */
const fresh = () => ({
  ...awaiting,
  sharedSecret: Uint8Array.from(awaiting.sharedSecret),
  codeKey: Uint8Array.from(awaiting.codeKey),
  resultKey: Uint8Array.from(awaiting.resultKey),
});

/** One of the messages with some bytes replaced, or cut, or any bytes behind a type. */
const hostile = (message: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    fc.tuple(fc.nat(message.length - 1), fc.nat({ max: 254 })).map(([at, by]) => message.with(at, ((message[at] ?? 0) + by + 1) & 0xff)),
    fc.nat(message.length - 1).map((length) => message.slice(0, length)),
    fc.tuple(fc.nat(5), fc.uint8Array({ maxLength: 200 })).map(([type, rest]) => Uint8Array.of(type, ...rest)),
  );

describe('whatever comes instead of a pairing message', () => {
  it('gives the gateway no key and no error', () => {
    fc.assert(
      fc.property(hostile(message2), (bytes) => {
        expect(takeMessage2(start.state, bytes, { identity, trust: AUTHORITY, nowS: NOW_S }).ok).toBe(false);
      }),
      { numRuns: 400 },
    );
  });

  it('gives the reader nothing to store, and it answers with a message of the draft', () => {
    fc.assert(
      fc.property(hostile(start.message1), (bytes) => {
        const { answer } = receivePairing(fresh(), bytes, deps);
        expect(answer.kind).toBe('reply');
        if (answer.kind === 'reply') expect([2, 4]).toContain(answer.message[0]);
      }),
      { numRuns: 200 },
    );
  });

  it('is no result', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const state = { name: 'awaiting_result' as const, hash4: counting(1, 32), resultKey: counting(2, 32) };
        expect(takeResult(state, Uint8Array.of(4, ...bytes)).ok).toBe(false);
      }),
    );
  });

  it.each([
    ['success without a code', [0, new Uint8Array(0)]],
    ['a refusal with one', [1, counting(0, 32)]],
    ['a status of two bytes', [256, new Uint8Array(0)]],
  ])('%s is no result', (_what, body) => {
    expect(parseResult(Uint8Array.of(4, ...encodeCbor(body)))).toBeNull();
  });
});

describe('the limits of pairing', () => {
  const key = signingKeyOf(counting(0x80, 32));
  const certificateOf = (model: string) => ({
    serialNumber: counting(1, 8),
    issuer: 'self',
    notBeforeS: 0,
    notAfterS: NOW_S,
    subject: { manufacturer: 'm', model, serial: 's' },
    publicKey: publicBytes(key),
  });

  it('are kept by the texts of a certificate', () => {
    const longest = issueCertificate(certificateOf('x'.repeat(CERTIFICATE_TEXT_LENGTH_MAX)), key);
    expect(parseCertificate(longest)?.subject.model).toHaveLength(CERTIFICATE_TEXT_LENGTH_MAX);
    expect(() => issueCertificate(certificateOf('x'.repeat(CERTIFICATE_TEXT_LENGTH_MAX + 1)), key)).toThrow(TypeError);
    expect(() => issueCertificate(certificateOf(''), key)).toThrow(TypeError);
  });

  it('are kept by the length of a message', () => {
    const padded = (length: number): Uint8Array => {
      const body = (certificate: Uint8Array) => encodeCbor([1, 1, counting(0, 16), new Uint8Array(1_184), 0, certificate]);
      const overhead = 1 + body(new Uint8Array(4_000)).length - 4_000;
      return Uint8Array.of(1, ...body(new Uint8Array(length - overhead)));
    };
    expect(parseMessage1(padded(PAIRING_MESSAGE_LENGTH_MAX))).not.toBeNull();
    expect(parseMessage1(padded(PAIRING_MESSAGE_LENGTH_MAX + 1))).toBeNull();
  });

  it('are kept by the certificates that are pinned', () => {
    const bytes = issueCertificate(certificateOf('pinned'), key);
    const thumbprints = new Array<Uint8Array>(PINNED_THUMBPRINTS_MAX - 1).fill(new Uint8Array(32));
    const own = thumbprintOf(bytes);
    expect(verifyCertificate({ kind: 'pinned', thumbprints: [...thumbprints, own] }, bytes, null)).not.toBeNull();
    expect(() => verifyCertificate({ kind: 'pinned', thumbprints: [...thumbprints, own, own] }, bytes, null)).toThrow(TypeError);
  });

  it('let the last second of a certificate count', () => {
    const bytes = issueCertificate(certificateOf('timely'), key);
    const trust = { kind: 'pinned' as const, thumbprints: [thumbprintOf(bytes)] };
    expect(verifyCertificate(trust, bytes, NOW_S)).not.toBeNull();
    expect(verifyCertificate(trust, bytes, NOW_S + 1)).toBeNull();
  });
});
