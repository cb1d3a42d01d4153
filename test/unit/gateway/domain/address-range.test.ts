import fc from 'fast-check';
import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAddressMatch, isOverlap, parseAddress, parseCidr, type CidrRange } from '#gateway/domain/site/address-range.ts';

const parsed = (text: string): CidrRange => {
  const range = parseCidr(text);
  if (range === null) throw new TypeError(`${text} does not parse`);
  return range;
};

describe('a network in CIDR form', () => {
  it.each([
    ['10.0.0.0/8', 4, 0x0a000000n, 0x0affffffn],
    ['192.0.2.7/32', 4, 0xc0000207n, 0xc0000207n],
    ['0.0.0.0/0', 4, 0n, 0xffffffffn],
    ['2001:db8::/32', 6, 0x20010db8n << 96n, (0x20010db9n << 96n) - 1n],
    ['::ffff:192.0.2.0/120', 6, 0xffffc0000200n, 0xffffc00002ffn],
    ['::1/128', 6, 1n, 1n],
    ['1:2:3:4:5:6:7:8/128', 6, 0x00010002000300040005000600070008n, 0x00010002000300040005000600070008n],
  ])('%s is the range it says', (text, family, first, last) => {
    expect(parseCidr(text)).toMatchObject({ family, first, last });
  });

  it.each(['10.0.0.1/8', '10.0.0.0', '10.0.0.0/33', '10.0.0.0/08', '10.0.0/8', '::/129', 'fe80::1%eth0/128', '10.0.0.0/8/8', '/8', ''])(
    'refuses %s',
    (text) => expect(parseCidr(text)).toBeNull(),
  );

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseCidr(text)));
  });

  it('covers exactly what the platform says it covers', () => {
    const octets = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255));
    fc.assert(
      fc.property(octets, octets, fc.nat(32), (base, probe, prefix) => {
        const list = new BlockList();
        list.addSubnet(base.join('.'), prefix);
        const host = (1n << BigInt(32 - prefix)) - 1n;
        const first = parsed(`${base.join('.')}/32`).first & ~host;
        const address = parsed(`${probe.join('.')}/32`);
        const network: CidrRange = { family: 4, first, last: first | host, prefixBits: prefix };
        expect(isOverlap(network, address)).toBe(list.check(probe.join('.')));
      }),
    );
  });

  it('overlaps its own parts and no neighbour, whichever comes first', () => {
    expect(isOverlap(parsed('10.0.0.0/8'), parsed('10.2.0.0/16'))).toBe(true);
    expect(isOverlap(parsed('10.2.0.0/16'), parsed('10.0.0.0/8'))).toBe(true);
    expect(isOverlap(parsed('10.0.0.0/9'), parsed('10.128.0.0/9'))).toBe(false);
    expect(isOverlap(parsed('0.0.0.0/0'), parsed('::/0'))).toBe(false);
  });
});

describe('an address', () => {
  it.each([
    ['10.0.0.1', 4, 0x0a000001n],
    ['::ffff:10.0.0.1', 4, 0x0a000001n],
    ['::FFFF:a00:1', 4, 0x0a000001n],
    ['fe80::1%eth0', 6, (0xfe80n << 112n) | 1n],
    ['1:2:3:4:5:6:7:8', 6, 0x00010002000300040005000600070008n],
  ])('%s is the number it says', (text, family, value) => {
    expect(parseAddress(text)).toEqual({ family, value });
  });

  it.each(['', 'localhost', '10.1.0', '10.0.0.256', '010.0.0.1', '0x7f.1', '10.0.0.1/8', ':::', '1::2::3', '::ffff:10.0.0', '[::1]'])(
    'is not %j',
    (text) => expect(parseAddress(text)).toBeNull(),
  );

  it('is one exactly when the platform says so', () => {
    const text = fc.oneof(fc.ipV4(), fc.ipV6(), fc.ipV4Extended(), fc.string({ unit: fc.constantFrom(...'0123456789abcdef:.%') }));
    fc.assert(fc.property(text, (some) => (parseAddress(some) !== null) === (isIP(some.split('%')[0] ?? '') !== 0)));
  });

  it.each([
    [['10.0.0.0/8'], '10.255.255.255', true],
    [['10.0.0.0/8'], '::ffff:10.1.1.1', true],
    [['::ffff:10.0.0.0/104'], '10.1.1.1', true],
    [['::/8'], '10.1.1.1', false],
    [['10.0.0.0/8'], '11.0.0.0', false],
    [['192.0.2.0/24', '2001:db8::/32'], '2001:db8:ffff::1', true],
    [[], '10.0.0.1', false],
  ])('of the networks %j: %s is %s', (cidrs, text, expected) => {
    const address = parseAddress(text) ?? expect.fail(text);
    expect(createAddressMatch(cidrs)(address)).toBe(expected);
  });

  it('matches no network that is none', () => {
    expect(() => createAddressMatch(['10.0.0.1/8'])).toThrow(TypeError);
  });
});
