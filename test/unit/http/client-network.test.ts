import { expect, it } from 'vitest';
import { networkOf, siteNetworkOf } from '#gateway/http/middleware/client-network.ts';

it.each([
  ['an IPv4 address as it is', '192.0.2.7', '192.0.2.7'],
  ['the first 64 bits of IPv6', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['the same network for another host in it', '2001:DB8:1:2::ffff', '2001:db8:1:2::/64'],
  ['zeros that the short form leaves out', '2001:db8::7', '2001:db8:0:0::/64'],
  ['zeros written out', '2001:0db8:0000:0000:0000:0000:0000:0007', '2001:db8:0:0::/64'],
  ['the loopback', '::1', '0:0:0:0::/64'],
  ['a dotted tail', '64:ff9b:1::192.0.2.7', '64:ff9b:1:0::/64'],
  ['an IPv4 address that IPv6 writes', '::ffff:192.0.2.7', '192.0.2.7'],
  ['the same written out', '0:0:0:0:0:FFFF:192.0.2.7', '192.0.2.7'],
  ['an address with a zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['nothing for no address', null, null],
])('takes %s', (_what, address, expected) => {
  expect(networkOf(address)).toBe(expected);
});

it('takes 48 bits of IPv6 for one customer, who has all networks in it, and an IPv4 address for itself', () => {
  expect(siteNetworkOf('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1::/48');
  expect(siteNetworkOf('2001:db8:1:ffff::1')).toBe('2001:db8:1::/48');
  expect(siteNetworkOf('192.0.2.7')).toBe('192.0.2.7');
  expect(siteNetworkOf(null)).toBeNull();
});
