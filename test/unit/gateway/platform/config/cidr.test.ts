import fc from 'fast-check';
import { BlockList } from 'node:net';
import { describe, expect, it } from 'vitest';
import { isOverlap, parseCidr, type CidrRange } from '#gateway/platform/config/cidr.ts';

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
