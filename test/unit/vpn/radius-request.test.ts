import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutToOctets, refusalText, REPLY_OCTETS_MAX } from '#gateway/app/vpn/refusal-text.ts';
import { gatewayReasonCodeSchema, policyReasonCodeSchema } from '#gateway/domain/access/reason-code.ts';
import type { DecisionId } from '#gateway/domain/site/ids.ts';
import { createAnswerMemory } from '#gateway/vpn/answer-memory.ts';
import { ATTEMPT_WINDOW_S, createAttemptLimits } from '#gateway/vpn/attempt-limits.ts';
import {
  CERTIFICATE_NAMES_MAX,
  certificateOf,
  decisionIdOf,
  ipOf,
  nasOf,
  parseAttributes,
  toAccountingEvent,
} from '#gateway/vpn/radius-request.ts';

const attributesOf = (values: Readonly<Record<string, string | number>>) => {
  const body = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { type: 'string', value: [value] }]));
  const attributes = parseAttributes(body);
  if (attributes === null) throw new TypeError('no attributes');
  return attributes;
};

describe('what rlm_rest sends', () => {
  it('is read by name, and nothing that an object inherits is an attribute', () => {
    const attributes = attributesOf({ 'User-Name': 'ann', 'NAS-Port': 7 });
    expect([attributes('User-Name'), attributes('NAS-Port'), attributes('constructor'), attributes('User-Password')]).toEqual([
      'ann',
      '7',
      null,
      null,
    ]);
  });

  it('never throws, whatever is sent', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (body) => {
        const attributes = parseAttributes(body);
        if (attributes === null) return;
        toAccountingEvent(attributes);
        ipOf(attributes);
        certificateOf(attributes);
        decisionIdOf(attributes);
        nasOf(attributes);
      }),
    );
  });

  it('is no longer than RADIUS allows', () => {
    expect(attributesOf({ 'User-Name': 'a'.repeat(253) })('User-Name')).toHaveLength(253);
    expect(attributesOf({ 'User-Name': 'a'.repeat(254) })('User-Name')).toBeNull();
  });

  it.each([
    ['203.0.113.9', '203.0.113.9'],
    ['2001:db8::1', '2001:db8::1'],
    ['00-11-22-33-44-55', null],
    ['00:11:22:33:44:55', null],
    ['', null],
  ])('%s is the address %s', (stated, ip) => {
    expect(ipOf(attributesOf({ 'Calling-Station-Id': stated }))).toBe(ip);
  });

  it.each([
    ['Start', 'start'],
    [3, 'interim'],
    ['Stop', 'stopped'],
    ['Accounting-On', 'server_started'],
    ['Failed', 'other'],
  ])('accounting status %s is %s', (status, kind) => {
    expect(toAccountingEvent(attributesOf({ 'Acct-Status-Type': status, 'Acct-Session-Id': 's', 'User-Name': 'ann' }))).toMatchObject({
      kind,
    });
  });

  it('must say which session and whose', () => {
    expect(toAccountingEvent(attributesOf({ 'Acct-Status-Type': 'Start', 'User-Name': 'ann' }))).toBeNull();
    expect(toAccountingEvent(attributesOf({ 'Acct-Status-Type': 'Start', 'Acct-Session-Id': 's' }))).toBeNull();
  });
});

describe('what FreeRADIUS says of a certificate and a session', () => {
  it('is the issuer, the common name and the DNS names, and no more of them than are looked at', () => {
    const dnsNames = Array.from({ length: CERTIFICATE_NAMES_MAX }, (_, index) => `dns-${String(index)}`);
    const attributes = parseAttributes({
      'TLS-Client-Cert-Issuer': { value: ['/CN=CA'] },
      'TLS-Client-Cert-Common-Name': { value: ['dsk_1'] },
      'TLS-Client-Cert-Subject-Alt-Name-Dns': { value: dnsNames },
    });
    if (attributes === null) throw new TypeError('no attributes');
    expect(certificateOf(attributes)).toEqual({ issuer: '/CN=CA', names: ['dsk_1', ...dnsNames.slice(0, CERTIFICATE_NAMES_MAX - 1)] });
    expect(certificateOf(attributesOf({ 'TLS-Client-Cert-Common-Name': 'dsk_1' }))).toBeNull();
  });

  it.each([
    ['0x6465635f61623233', 'dec_ab23'],
    ['0x6465', null],
    ['dec_ab23', null],
    ['0x6465635f61623233203b', null],
    ['0x646', null],
  ])('Class %s is the permit %s', (value, decisionId) => {
    expect(decisionIdOf(attributesOf({ Class: value }))).toBe(decisionId);
  });

  it('is told by a server that has an address or a name', () => {
    expect(nasOf(attributesOf({ 'NAS-Identifier': 'ap-1', 'NAS-IP-Address': '192.0.2.10' }))).toBe('192.0.2.10');
    expect(nasOf(attributesOf({ 'NAS-Identifier': 'ap-1' }))).toBe('ap-1');
    expect(nasOf(attributesOf({ 'User-Name': 'ann' }))).toBeNull();
  });
});

describe('what a refused person reads', () => {
  it.each([...policyReasonCodeSchema.options, ...gatewayReasonCodeSchema.options])(
    '%s fits one Reply-Message with the whole decision number, in plain letters',
    (reason) => {
      const id = `dec_${'a'.repeat(26)}` as DecisionId;
      const text = refusalText({ id, reasons: [reason] });
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(REPLY_OCTETS_MAX);
      expect(text).toMatch(/^[\x20-\x7e]+$/);
      expect(text).toContain(`[${id}]`);
    },
  );

  it('is never cut inside a character', () => {
    expect(cutToOctets('aé', 2)).toBe('a');
    expect(cutToOctets('aé', 3)).toBe('aé');
  });
});

describe('answers between the two calls of a packet', () => {
  it('are given once, in time, and the oldest gives way', () => {
    let nowMs = 0;
    const memory = createAnswerMemory<string>({ nowMs: () => nowMs, monotonicUs: () => 0 }, 2);
    for (const id of ['a', 'b', 'c']) memory.keep(id, id);
    expect([memory.take('a'), memory.take('b'), memory.take('b')]).toEqual([null, 'b', null]);
    nowMs = 30_000;
    expect(memory.take('c')).toBeNull();
  });
});

describe('limits of refused attempts', () => {
  const refused = async () => ({ ok: false }) as const;
  const accepted = async () => ({ ok: true }) as const;
  const stopped = { nowMs: () => 0 };
  const who = (userName: string, ip: string) => ({ realmId: 'staff', userName, ip });

  it('stop a name at its limit and count nothing that was accepted', async () => {
    const limits = createAttemptLimits(stopped, { user: 2, address: 100, realm: 100 });
    for (let count = 0; count < 5; count += 1) expect(await limits.run(who('ann', '203.0.113.1'), accepted)).toEqual({ ok: true });
    for (let count = 0; count < 2; count += 1) expect(await limits.run(who('Ann', '203.0.113.1'), refused)).toEqual({ ok: false });
    expect(await limits.run(who('ann', '203.0.113.2'), accepted)).toBeNull();
    expect(await limits.run(who('ben', '203.0.113.1'), accepted)).toEqual({ ok: true });
  });

  it('stop an address, and a realm in all', async () => {
    const limits = createAttemptLimits(stopped, { user: 100, address: 2, realm: 4 });
    for (const name of ['a', 'b']) await limits.run(who(name, '203.0.113.1'), refused);
    expect(await limits.run(who('c', '203.0.113.1'), accepted)).toBeNull();
    for (const name of ['d', 'f']) await limits.run(who(name, '203.0.113.2'), refused);
    expect(await limits.run(who('e', '203.0.113.3'), accepted)).toBeNull();
  });

  it('let nobody use up what is everybody’s from the addresses of one IPv6 network', async () => {
    const limits = createAttemptLimits(stopped, { user: 100, address: 2, realm: 4 });
    for (let host = 1; host <= 6; host += 1) await limits.run(who('a', `2001:db8:1:1::${String(host)}`), refused);
    expect(await limits.run(who('c', '2001:db8:1:2::1'), accepted)).toEqual({ ok: true });
  });

  it('begin anew after their window, and not a millisecond before', async () => {
    let nowMs = 0;
    const limits = createAttemptLimits({ nowMs: () => nowMs }, { user: 1, address: 100, realm: 100 });
    await limits.run(who('ann', '203.0.113.1'), refused);
    nowMs = ATTEMPT_WINDOW_S * 1_000 - 1;
    expect(await limits.run(who('ann', '203.0.113.1'), accepted)).toBeNull();
    nowMs += 1;
    expect(await limits.run(who('ann', '203.0.113.1'), accepted)).toEqual({ ok: true });
  });
});
