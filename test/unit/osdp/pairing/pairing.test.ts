import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type AcuStart, beginPairing, takeMessage2, takeResult } from '#adapters/osdp/pairing/acu-pairing.ts';
import { PAIRING_STATUS, encodeMessage3, parseMessage2, parseResult } from '#adapters/osdp/pairing/messages.ts';
import type { PairingIdentity } from '#adapters/osdp/pairing/pairing-identity.ts';
import { NO_PAIRING, PAIRING_IDLE_MAX_MS, type PdPairing, type PdPairingDeps, receivePairing } from '#adapters/osdp/pairing/pd-pairing.ts';
import { kemKeyOf, publicBytes, signingKeyOf } from '#adapters/osdp/pairing/post-quantum.ts';
import { thumbprintOf } from '#adapters/osdp/pairing/certificate.ts';
import type { PairingTrust } from '#adapters/osdp/pairing/trust.ts';
import published from '../../../vectors/osdp/pairing-public-keys.json' with { type: 'json' };
import { AUTHORITY, NOW_S, OTHER_AUTHORITY, counting, identityOf } from '#test/support/readers/pairing-identities.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const gateway = identityOf('gateway', { seedFirst: 0x20 });
const reader = identityOf('reader');
const atGateway = { identity: gateway, trust: AUTHORITY, nowS: NOW_S };
const atReader: PdPairingDeps = { identity: reader, trust: AUTHORITY, nowS: NOW_S, nowMs: 0, nonce: counting(0xb0, 16) };

const begin = (identity: PairingIdentity = gateway, first = 0): AcuStart =>
  beginPairing(identity, { kemSeed: counting(first, 64), nonce: counting(0xa0, 16) });

function answerOf(message1: Uint8Array, deps: PdPairingDeps = atReader): { readonly pd: PdPairing; readonly message2: Uint8Array } {
  const { state, answer } = receivePairing(NO_PAIRING, message1, deps);
  if (answer.kind !== 'reply') throw new TypeError('nothing is stored for message 1');
  return { pd: state, message2: answer.message };
}

function proceed(start: AcuStart, message2: Uint8Array) {
  const taken = takeMessage2(start.state, message2, atGateway);
  if (!taken.ok) throw new TypeError(taken.fault);
  return taken;
}

function statusOf(bytes: Uint8Array): number | undefined {
  return parseResult(bytes)?.status;
}

/** What the reader says to message 3; `stored` when it would keep the key. */
function endOf(pd: PdPairing, message3: Uint8Array, nowMs = 1): string | number | undefined {
  const { answer } = receivePairing(pd, message3, { ...atReader, nowMs });
  return answer.kind === 'store' ? 'stored' : statusOf(answer.message);
}

function flip(bytes: Uint8Array, at: number): Uint8Array {
  const flipped = new Uint8Array(bytes);
  flipped[at] = (flipped[at] ?? 0) ^ 1;
  return flipped;
}

describe('the published public keys of the pairing draft', () => {
  it('follow from their seeds', () => {
    expect(sha256(publicBytes(kemKeyOf(counting(published.kemSeedFirst, 64))))).toBe(published.kemPublicSha256);
    expect(sha256(publicBytes(signingKeyOf(counting(published.authoritySeedFirst, 32))))).toBe(published.authorityPublicSha256);
  });
});

describe('pairing', () => {
  it('ends with one key at both ends and each knowing the other', () => {
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const { message3, scbk, state, peer } = proceed(start, message2);
    const { answer } = receivePairing(pd, message3, { ...atReader, nowMs: 1 });
    if (answer.kind !== 'store') throw new TypeError('not stored');
    expect(scbk).toHaveLength(32);
    expect(answer.scbk).toEqual(scbk);
    expect([peer.subject.model, answer.peer.subject.model]).toEqual(['reader', 'gateway']);
    expect(takeResult(state, answer.stored)).toEqual({ ok: true });
  });

  it('gives another key each time, also from the same start', () => {
    const keys = [1, 2].map(() => {
      const start = begin();
      return Buffer.from(proceed(start, answerOf(start.message1).message2).scbk).toString('hex');
    });
    expect(keys[0]).not.toBe(keys[1]);
  });

  it('pairs with certificates that are pinned, and with no others', () => {
    const own = identityOf('reader', { issuer: 'self' });
    const pinned: PairingTrust = { kind: 'pinned', thumbprints: [thumbprintOf(own.certificate)] };
    const start = begin();
    const { message2 } = answerOf(start.message1, { ...atReader, identity: own });
    expect(takeMessage2(start.state, message2, { ...atGateway, trust: pinned })).toMatchObject({ ok: true });
    const stranger = answerOf(start.message1, { ...atReader, identity: identityOf('reader', { issuer: 'self' }) });
    expect(takeMessage2(start.state, stranger.message2, { ...atGateway, trust: pinned })).toMatchObject({ fault: 'untrusted' });
  });

  it('tells the gateway that the reader could not store the key, and whatever else a reader refuses', () => {
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const { message3, state } = proceed(start, message2);
    const { answer } = receivePairing(pd, message3, { ...atReader, nowMs: 1 });
    if (answer.kind !== 'store') throw new TypeError('not stored');
    expect(takeResult(state, answer.notStored)).toEqual({ ok: false, fault: 'refused', status: PAIRING_STATUS.notStored });
    const refusal = answerOf(begin(identityOf('gateway', { issuer: 'other' })).message1).message2;
    expect(takeMessage2(begin().state, refusal, atGateway)).toEqual({ ok: false, fault: 'refused', status: PAIRING_STATUS.notAuthentic });
  });
});

describe('pairing with somebody else', () => {
  it.each([
    ['another authority', { issuer: 'other' }],
    ['itself alone', { issuer: 'self' }],
    ['a time that is over', { validity: [NOW_S - 2, NOW_S - 1] }],
    ['a time to come', { validity: [NOW_S + 1, NOW_S + 2] }],
  ] as const)('refuses a certificate of %s, at both ends', (_who, options) => {
    expect(statusOf(answerOf(begin(identityOf('gateway', options)).message1).message2)).toBe(PAIRING_STATUS.notAuthentic);
    const start = begin();
    const { message2 } = answerOf(start.message1, { ...atReader, identity: identityOf('reader', options) });
    expect(takeMessage2(start.state, message2, atGateway)).toMatchObject({ ok: false, fault: 'untrusted' });
  });

  it('refuses who shows the certificate of another and has not its key', () => {
    const thief = { ...identityOf('thief', { seedFirst: 0x33, issuer: 'self' }), certificate: reader.certificate };
    const start = begin();
    const { message2 } = answerOf(start.message1, { ...atReader, identity: thief });
    expect(takeMessage2(start.state, message2, atGateway)).toMatchObject({ ok: false, fault: 'not_authentic' });
    const asGateway = { ...identityOf('thief', { seedFirst: 0x33, issuer: 'self' }), certificate: gateway.certificate };
    const posed = begin(asGateway);
    const answered = answerOf(posed.message1);
    const taken = takeMessage2(posed.state, answered.message2, { ...atGateway, identity: asGateway });
    if (!taken.ok) throw new TypeError(taken.fault);
    expect(endOf(answered.pd, taken.message3)).toBe(PAIRING_STATUS.notAuthentic);
  });

  it('does not take a certificate whose authority is only named like ours', () => {
    const start = begin();
    const { message2 } = answerOf(start.message1);
    expect(takeMessage2(start.state, message2, { ...atGateway, trust: OTHER_AUTHORITY })).toMatchObject({ fault: 'untrusted' });
  });
});

describe('a pairing that somebody interferes with', () => {
  it('takes no message 1 with a bit changed as what it was: the gateway notices in message 2', () => {
    const start = begin();
    let answered = 0;
    for (let at = 0; at < start.message1.length; at += 97) {
      const { message2 } = answerOf(flip(start.message1, at));
      if (message2[0] === 2) answered += 1;
      expect(takeMessage2(start.state, message2, atGateway)).toMatchObject({ ok: false });
    }
    // Nonce and key are not checked by the reader: its signature is over them.
    expect(answered).toBeGreaterThan(0);
  });

  it('takes no message 2 with a bit changed', () => {
    const start = begin();
    const { message2 } = answerOf(start.message1);
    for (let at = 0; at < message2.length; at += 61) {
      expect(takeMessage2(start.state, flip(message2, at), atGateway)).toMatchObject({ ok: false });
    }
    expect(takeMessage2(start.state, message2, atGateway)).toMatchObject({ ok: true });
  });

  it('takes no message 3 and no result with a bit changed', () => {
    for (let at = 0; at < 2_460; at += 211) {
      const start = begin();
      const { pd, message2 } = answerOf(start.message1);
      expect(endOf(pd, flip(proceed(start, message2).message3, at))).not.toBe('stored');
    }
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const { message3, state } = proceed(start, message2);
    const { answer } = receivePairing(pd, message3, { ...atReader, nowMs: 1 });
    if (answer.kind !== 'store') throw new TypeError('not stored');
    for (let at = 0; at < answer.stored.length; at += 1) {
      const copy = { ...state, resultKey: new Uint8Array(state.resultKey) };
      expect(takeResult(copy, flip(answer.stored, at))).toMatchObject({ ok: false });
    }
  });

  it('takes nothing that is cut short or goes on', () => {
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const { message3 } = proceed(start, message2);
    for (let length = 0; length < message2.length; length += 131) {
      expect(takeMessage2(start.state, message2.subarray(0, length), atGateway)).toMatchObject({ fault: 'malformed' });
    }
    expect(takeMessage2(start.state, Uint8Array.of(...message2, 0), atGateway)).toMatchObject({ fault: 'malformed' });
    for (let length = 0; length < start.message1.length; length += 131) {
      expect(statusOf(answerOf(start.message1.subarray(0, length)).message2)).toBe(PAIRING_STATUS.protocol);
    }
    expect(endOf(pd, message3.subarray(0, -1))).toBe(PAIRING_STATUS.protocol);
  });

  it('does not take the messages of another pairing', () => {
    const first = begin();
    const old = answerOf(first.message1);
    const oldProof = proceed(first, old.message2);
    const second = begin(gateway, 1);
    expect(takeMessage2(second.state, old.message2, atGateway)).toMatchObject({ fault: 'not_authentic' });
    const now = answerOf(second.message1);
    expect(endOf(now.pd, oldProof.message3)).toBe(PAIRING_STATUS.notAuthentic);
  });

  it('takes message 3 once, and never before message 1 or long after it', () => {
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const { message3 } = proceed(start, message2);
    expect(endOf(NO_PAIRING, message3)).toBe(PAIRING_STATUS.protocol);
    const { state } = receivePairing(pd, message3, { ...atReader, nowMs: 1 });
    expect(endOf(state, message3)).toBe(PAIRING_STATUS.protocol);
    const again = answerOf(start.message1);
    const proof = proceed(start, again.message2).message3;
    expect(endOf(again.pd, proof, PAIRING_IDLE_MAX_MS + 1)).toBe(PAIRING_STATUS.protocol);
    const last = answerOf(start.message1);
    expect(endOf(last.pd, proceed(start, last.message2).message3, PAIRING_IDLE_MAX_MS)).toBe('stored');
  });

  it('does not take its own proof back', () => {
    const start = begin();
    const { pd, message2 } = answerOf(start.message1);
    const own = parseMessage2(message2);
    if (own === null) throw new TypeError('malformed');
    expect(endOf(pd, encodeMessage3(own))).toBe(PAIRING_STATUS.notAuthentic);
  });

  it('starts anew with each message 1, and what was before is overwritten', () => {
    const { pd } = answerOf(begin().message1);
    if (pd.name === 'idle') throw new TypeError('idle');
    receivePairing(pd, begin(gateway, 1).message1, atReader);
    expect([pd.sharedSecret, pd.codeKey, pd.resultKey].every((secret) => secret.every((byte) => byte === 0))).toBe(true);
  });

  it('does not answer a key of a length or with numbers that ML-KEM does not have', () => {
    const { message1 } = begin();
    const at = message1.findIndex((_, index) => message1[index] === 0x59 && message1[index + 1] === 0x04 && message1[index + 2] === 0xa0);
    const wild = new Uint8Array(message1).fill(0xff, at + 3, at + 3 + 1_184);
    expect(statusOf(answerOf(wild).message2)).toBe(PAIRING_STATUS.protocol);
  });
});
