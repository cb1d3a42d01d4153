import { createHash, createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encodeDisconnectRequest,
  PACKET_OCTETS_MAX,
  VALUE_OCTETS_MAX,
  verifyDisconnectAnswer,
} from '#adapters/vpn/radius/disconnect-packet.ts';

const secret = Buffer.from('a shared secret of many octets');
const question = (change: object = {}) => ({
  identifier: 7,
  secret,
  userName: 'ann@example.test',
  acctSessionId: 'one',
  nas: '192.0.2.10',
  timestampS: 1_700_000_000,
  ...change,
});

/** As a server makes it (RFC 5176 2.3). */
function answerTo(request: Uint8Array, code: number, attributes: readonly number[] = [], isSigned = true): Buffer {
  const packet = Buffer.concat([Buffer.from([code, request[1] ?? 0, 0, 0]), request.subarray(4, 20), Buffer.from(attributes)]);
  const macAt = isSigned ? packet.length : 0;
  const whole = isSigned ? Buffer.concat([packet, Buffer.from([80, 18]), Buffer.alloc(16)]) : packet;
  whole.writeUInt16BE(whole.length, 2);
  if (isSigned)
    createHmac('md5', secret)
      .update(whole)
      .digest()
      .copy(whole, macAt + 2);
  createHash('md5').update(whole).update(secret).digest().copy(whole, 4);
  return whole;
}

const attributesOf = (packet: Uint8Array): ReadonlyMap<number, Buffer> => {
  const found = new Map<number, Buffer>();
  for (let at = 20; at < packet.length; at += packet[at + 1] ?? 0) {
    found.set(packet[at] ?? 0, Buffer.from(packet.subarray(at + 2, at + (packet[at + 1] ?? 0))));
  }
  return found;
};

describe('a Disconnect-Request', () => {
  it('names session, user and server, and proves the secret twice', () => {
    const packet = Buffer.from(encodeDisconnectRequest(question()));
    const attributes = attributesOf(packet);
    expect([packet[0], packet[1], packet.readUInt16BE(2)]).toEqual([40, 7, packet.length]);
    expect([attributes.get(1)?.toString(), attributes.get(44)?.toString(), attributes.get(4)?.toString('hex')]).toEqual([
      'ann@example.test',
      'one',
      'c000020a',
    ]);
    expect(attributes.get(55)?.readUInt32BE()).toBe(1_700_000_000);
    const stated = Buffer.from(packet.subarray(4, 20));
    packet.fill(0, 4, 20);
    expect(createHash('md5').update(packet).update(secret).digest()).toEqual(stated);
    packet.fill(0, 22, 38);
    expect(createHmac('md5', secret).update(packet).digest()).toEqual(attributes.get(80));
  });

  it.each([
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['::', '0'.repeat(32)],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['1:2:3:4:5:6:7:8', '00010002000300040005000600070008'],
    ['1::', `0001${'0'.repeat(28)}`],
  ])('writes the address %s', (nas, hex) => {
    expect(
      attributesOf(encodeDisconnectRequest(question({ nas })))
        .get(95)
        ?.toString('hex'),
    ).toBe(hex);
  });

  it('calls a server without an address by name', () => {
    expect(
      attributesOf(encodeDisconnectRequest(question({ nas: 'ap-1' })))
        .get(32)
        ?.toString(),
    ).toBe('ap-1');
  });

  it('carries the longest value and refuses a longer one', () => {
    const longest = 'x'.repeat(VALUE_OCTETS_MAX);
    expect(
      attributesOf(encodeDisconnectRequest(question({ acctSessionId: longest })))
        .get(44)
        ?.toString(),
    ).toBe(longest);
    expect(() => encodeDisconnectRequest(question({ acctSessionId: `${longest}x` }))).toThrow(TypeError);
  });
});

describe('an answer', () => {
  const request = encodeDisconnectRequest(question());

  it.each([true, false])('is taken from whoever knows the secret (Message-Authenticator %s)', (isSigned) => {
    expect(verifyDisconnectAnswer(answerTo(request, 41, [], isSigned), request, secret)).toEqual({ kind: 'ack' });
    const cause = [101, 6, 0, 0, 1, 247];
    expect(verifyDisconnectAnswer(answerTo(request, 42, cause, isSigned), request, secret)).toEqual({ kind: 'nak', errorCause: 503 });
    expect(verifyDisconnectAnswer(answerTo(request, 42, [101, 3, 1], isSigned), request, secret)).toEqual({
      kind: 'nak',
      errorCause: null,
    });
  });

  it('to another request, or of another kind, is none', () => {
    const other = encodeDisconnectRequest(question({ acctSessionId: 'two' }));
    expect(verifyDisconnectAnswer(answerTo(other, 41), request, secret)).toBeNull();
    expect(verifyDisconnectAnswer(answerTo(request, 44), request, secret)).toBeNull();
    expect(verifyDisconnectAnswer(answerTo(request, 41), request, Buffer.from('another secret'))).toBeNull();
    const long = [...Array.from({ length: 16 }, () => [18, 255, ...Array.from({ length: 253 }, () => 65)]).flat()];
    expect(verifyDisconnectAnswer(answerTo(request, 41, long, false), request, secret)).toBeNull();
    expect(20 + long.length).toBeGreaterThanOrEqual(PACKET_OCTETS_MAX);
  });

  it('is none with any bit flipped, at any shorter length, and with attributes that do not fill it', () => {
    const answer = answerTo(request, 41, [101, 6, 0, 0, 0, 201]);
    for (let bit = 0; bit < answer.length * 8; bit += 1) {
      const flipped = Buffer.from(answer);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(verifyDisconnectAnswer(flipped, request, secret)).toBeNull();
    }
    for (let length = 0; length < answer.length; length += 1) {
      expect(verifyDisconnectAnswer(answer.subarray(0, length), request, secret)).toBeNull();
    }
    for (const broken of [[101], [101, 1], [101, 0, 0], [101, 200, 1]]) {
      expect(verifyDisconnectAnswer(answerTo(request, 41, broken, false), request, secret)).toBeNull();
    }
  });

  it('never throws, whatever is sent', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => verifyDisconnectAnswer(bytes, request, secret) === null));
  });
});
